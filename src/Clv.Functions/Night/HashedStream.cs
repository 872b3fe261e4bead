using System.Security.Cryptography;

namespace Clv.Functions.Night;

/// <summary>Passes a stream through and hashes what was read.</summary>
/// <param name="inner">The stream.</param>
/// <param name="hashes">Whether anybody will ask for the hash.</param>
internal sealed class HashedStream(Stream inner, bool hashes) : Stream
{
    private readonly IncrementalHash? _hash = hashes ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _hash?.AppendData(buffer[..read]);
        return read;
    }

    /// <summary>Reads what is left, and gives the SHA-256 of all as hexadecimal.</summary>
    public string Sha256()
    {
        CopyTo(Null);
        return Convert.ToHexString(_hash!.GetHashAndReset());
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash?.Dispose();
        base.Dispose(disposing);
    }
}
