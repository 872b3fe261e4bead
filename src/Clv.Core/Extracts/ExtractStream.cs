using System.IO.Compression;

namespace Clv.Core.Extracts;

/// <summary>Opens an extract's bytes, plain or gzip. What the file is, its first two bytes decide, not its name.</summary>
public static class ExtractStream
{
    /// <summary>Gives the decompressed content.</summary>
    /// <param name="source">The file; need not be seekable. Closed with the result.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="ExtractRefusedException">The file has no bytes at all.</exception>
    public static Stream Open(Stream source, string file)
    {
        var start = new byte[2];
        var read = source.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        if (read == 0)
        {
            source.Dispose();
            throw new ExtractRefusedException(file, "the file is empty: it needs at least a header row");
        }

        var whole = new PrefixedStream(start.AsMemory(0, read), source);
        return start is [0x1f, 0x8b] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    // The two bytes already read, then the rest.
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

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
            if (_prefix.IsEmpty)
            {
                return rest.Read(buffer);
            }

            var count = Math.Min(buffer.Length, _prefix.Length);
            _prefix.Span[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rest.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
