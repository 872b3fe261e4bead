namespace Clv.Core.History;

/// <summary>Reads a file of customers in the order of their keys, each with a key, an id and rows of one kind.</summary>
/// <typeparam name="T">The kind of rows.</typeparam>
public abstract class KeyedReader<T> : IDisposable
    where T : KeyedRows<T>, new()
{
    private const int RowsBetweenChecks = 1 << 10;

    private readonly BinaryReader _reader;
    private byte[] _buffer = new byte[256];
    private bool _headRead;
    private int _idLength;
    private T? _skipped;

    private protected KeyedReader(Stream content, int source)
    {
        _reader = new BinaryReader(new BufferedStream(content, 1 << 16));
        Source = source;
    }

    /// <summary>Where the rows come from: a file's number, or <see cref="PartitionBooks.FromHistory"/>.</summary>
    public int Source { get; }

    /// <summary>The key of the customer that comes next.</summary>
    public CustomerKey Key { get; private set; }

    /// <summary>The id of that customer, until the rest of the customer is read.</summary>
    private ReadOnlySpan<byte> CustomerId => _buffer.AsSpan(0, _idLength);

    /// <summary>Moves to the next customer, whose rows must be read before the one after.</summary>
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
        _idLength = ReadNumber(Clv.Core.CustomerId.MaxBytes);
        ReadBytes(_idLength);
        _headRead = true;
        return true;
    }

    /// <summary>Moves on to a customer, past those with lower keys.</summary>
    /// <param name="key">The customer; higher than any whose rows were read.</param>
    /// <returns>Whether the file knows the customer; then the rows come next.</returns>
    /// <exception cref="EndOfStreamException">The file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public bool TryFind(CustomerKey key)
    {
        while (_headRead || MoveNext())
        {
            if (Key >= key)
            {
                return Key == key;
            }

            ReadRows(_skipped ??= new T(), first: true);
        }

        return false;
    }

    /// <summary>A customer's rows; null for one whom the file does not know.</summary>
    internal T? Find(CustomerKey key)
    {
        if (!TryFind(key))
        {
            return null;
        }

        var rows = new T();
        ReadRows(rows, first: true);
        return rows;
    }

    /// <summary>Adds the current customer's rows behind those in <paramref name="rows"/>.</summary>
    /// <param name="rows">The receiver; started anew when <paramref name="first"/>.</param>
    /// <param name="first">Whether this is the first file that knows the customer.</param>
    /// <exception cref="EndOfStreamException">The file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or two customer ids have the same key.</exception>
    /// <exception cref="OversizedCustomerException">With these rows the customer has more than <see cref="CustomerLimits"/> allow.</exception>
    public void ReadRows(T rows, bool first)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (first)
        {
            rows.Start(Key, CustomerId);
        }
        else if (!CustomerId.SequenceEqual(rows.CustomerId))
        {
            throw SharedKey(Key);
        }

        var count = ReadNumber(int.MaxValue);
        for (var i = 0; i < count; i++)
        {
            ReadRow(rows, i);
            if (rows.Count % RowsBetweenChecks == 0 && (rows.Count > CustomerLimits.MaxRows || rows.Bytes > CustomerLimits.MaxBytes))
            {
                throw new OversizedCustomerException(Key);
            }
        }

        _headRead = false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader.Dispose();
        }
    }

    internal static InvalidDataException SharedKey(CustomerKey key) => new($"Two customers have the key {key}: use another hash key.");

    private protected static InvalidDataException Damaged(string how, Exception? cause = null) =>
        new($"A history file is damaged: {how}.", cause);

    /// <summary>Reads a row of the current customer.</summary>
    /// <param name="rows">The receiver.</param>
    /// <param name="row">The row's place among the customer's in this file, from 0.</param>
    private protected abstract void ReadRow(T rows, int row);

    // A damaged file must not make this allocate what its bytes claim.
    private protected int ReadNumber(int most)
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

    private protected long ReadAmount()
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

    private protected byte ReadByte() => _reader.ReadByte();

    /// <summary>Reads bytes over those of the id.</summary>
    private protected ReadOnlySpan<byte> ReadBytes(int length)
    {
        if (length > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(length, _buffer.Length * 2));
        }

        var bytes = _buffer.AsSpan(0, length);
        _reader.BaseStream.ReadExactly(bytes);
        return bytes;
    }
}
