using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>Reads a history file, or one slice of a segment, customer by customer in the order of keys.</summary>
public sealed class HistoryReader : IDisposable
{
    private static readonly int LastDay = DateOnly.MaxValue.DayNumber;

    private readonly BinaryReader _reader;
    private readonly int _source;
    private byte[] _buffer = new byte[256];
    private bool _headRead;
    private int _idLength;

    /// <summary>Opens a file.</summary>
    /// <param name="content">The bytes; closed with the reader.</param>
    /// <param name="source">What <see cref="CustomerRows.Sources"/> says of the rows read here.</param>
    public HistoryReader(Stream content, int source)
    {
        _reader = new BinaryReader(new BufferedStream(content, 1 << 16));
        _source = source;
    }

    /// <summary>The key of the customer that comes next.</summary>
    public CustomerKey Key { get; private set; }

    /// <summary>Moves to the next customer. Its rows may be skipped only by reading them.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="EndOfStreamException">The file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public bool MoveNext()
    {
        if (_headRead)
        {
            throw new InvalidOperationException("The current customer's rows have not been read.");
        }

        var got = _reader.BaseStream.ReadAtLeast(_buffer.AsSpan(0, CustomerKey.Size), CustomerKey.Size, throwOnEndOfStream: false);
        if (got == 0)
        {
            return false;
        }

        if (got < CustomerKey.Size)
        {
            throw new EndOfStreamException("A history file ends within a customer's key.");
        }

        var key = CustomerKey.Read(_buffer);
        if (key < Key)
        {
            throw Damaged("its customers are not in order");
        }

        Key = key;
        _idLength = ReadNumber(CustomerId.MaxBytes);
        Fill(_idLength);
        _headRead = true;
        return true;
    }

    /// <summary>Adds the current customer's rows behind those in <paramref name="rows"/>.</summary>
    /// <param name="rows">The receiver; started anew when <paramref name="first"/>.</param>
    /// <param name="first">Whether this is the first file that knows the customer.</param>
    /// <exception cref="EndOfStreamException">The file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or two customer ids have the same key.</exception>
    public void ReadRows(CustomerRows rows, bool first)
    {
        if (first)
        {
            rows.Start(Key, _buffer.AsSpan(0, _idLength));
        }
        else if (!rows.CustomerId.SequenceEqual(_buffer.AsSpan(0, _idLength)))
        {
            throw new InvalidDataException($"Two customers have the key {Key}: use another hash key.");
        }

        var count = ReadNumber(int.MaxValue);
        for (var i = 0; i < count; i++)
        {
            var day = ReadNumber(LastDay);
            var micros = ReadAmount();
            var length = ReadNumber(HistoryFormat.WithMargin + CustomerId.MaxBytes);
            var margin = TransactionReader.NoMargin;
            if (length >= HistoryFormat.WithMargin)
            {
                length -= HistoryFormat.WithMargin;
                margin = ReadAmount();
            }

            if (length > CustomerId.MaxBytes)
            {
                throw Damaged("an id is too long");
            }

            Fill(length);
            rows.Add(day, micros, margin, _buffer.AsSpan(0, length), _source);
        }

        _headRead = false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _reader.Dispose();

    private static InvalidDataException Damaged(string how, Exception? cause = null) => new($"A history file is damaged: {how}.", cause);

    // A damaged file must not make this allocate what its bytes claim.
    private int ReadNumber(int most)
    {
        try
        {
            var number = _reader.Read7BitEncodedInt();
            return number >= 0 && number <= most ? number : throw Damaged("a length or a day is out of range");
        }
        catch (FormatException e)
        {
            throw Damaged("a number is not one", e);
        }
    }

    private long ReadAmount()
    {
        try
        {
            var zigzag = _reader.Read7BitEncodedInt64();
            return (long)((ulong)zigzag >> 1) ^ -(zigzag & 1);
        }
        catch (FormatException e)
        {
            throw Damaged("an amount is not one", e);
        }
    }

    private void Fill(int length)
    {
        if (length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(length, _buffer.Length * 2));
        }

        _reader.BaseStream.ReadExactly(_buffer.AsSpan(0, length));
    }
}
