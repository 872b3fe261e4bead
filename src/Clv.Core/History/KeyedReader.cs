namespace Clv.Core.History;

/// <summary>Reads a file of customers in the order of their keys, each with a key, an id and what else a kind of file holds.</summary>
public abstract class KeyedReader : IDisposable
{
    private readonly BinaryReader _reader;
    private byte[] _buffer = new byte[256];
    private bool _headRead;
    private int _idLength;

    private protected KeyedReader(Stream content) => _reader = new BinaryReader(new BufferedStream(content, 1 << 16));

    /// <summary>The key of the customer that comes next.</summary>
    public CustomerKey Key { get; private set; }

    /// <summary>The id of that customer, until the rest of the customer is read.</summary>
    private protected ReadOnlySpan<byte> CustomerId => _buffer.AsSpan(0, _idLength);

    /// <summary>Moves to the next customer. What the file holds of a customer may be skipped only by reading it.</summary>
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

    private protected static InvalidDataException Damaged(string how, Exception? cause = null) => new($"A history file is damaged: {how}.", cause);

    /// <summary>That two files mean the same customer by a key.</summary>
    /// <exception cref="InvalidDataException">The id is another one than the file's.</exception>
    private protected void CheckId(ReadOnlySpan<byte> id)
    {
        if (!CustomerId.SequenceEqual(id))
        {
            throw new InvalidDataException($"Two customers have the key {Key}: use another hash key.");
        }
    }

    /// <summary>Says that everything of the current customer was read.</summary>
    private protected void EndCustomer() => _headRead = false;

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
