namespace Clv.Core.History;

/// <summary>A buffered, write-only stream that knows how many bytes went through it, which a blob's own stream does not.</summary>
internal sealed class CountingStream(Stream inner) : Stream
{
    private readonly BufferedStream _buffer = new(inner, 1 << 16);

    /// <summary>Bytes written so far.</summary>
    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Written;

    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException();
    }

    /// <summary>Hands everything to the inner stream, which stays open.</summary>
    public void FlushBuffer() => _buffer.Flush();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _buffer.Write(buffer);
        Written += buffer.Length;
    }

    public override void WriteByte(byte value)
    {
        _buffer.WriteByte(value);
        Written++;
    }

    // A writer flushes whenever it likes; the bytes leave when the buffer is full or FlushBuffer is called.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
