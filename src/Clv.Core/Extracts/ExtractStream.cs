using System.IO.Compression;

namespace Clv.Core.Extracts;

/// <summary>Opens an extract's bytes, plain or gzip. What the file is, its first two bytes decide, not its name.</summary>
public static class ExtractStream
{
    /// <summary>
    /// Gives the decompressed content, whose reading throws <see cref="InvalidDataException"/> where the file is damaged or cut short.
    /// </summary>
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

        var prefix = start.AsMemory(0, read);
        return start is [0x1f, 0x8b] ? new WholeGzipStream(prefix, source) : new JoinedStream(prefix, source, default);
    }

    private abstract class ReadOnlyStream : Stream
    {
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

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    // A few bytes, the stream, and a few bytes more.
    private sealed class JoinedStream(ReadOnlyMemory<byte> before, Stream middle, ReadOnlyMemory<byte> after) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _before = before;
        private ReadOnlyMemory<byte> _after = after;

        public override int Read(Span<byte> buffer) => Take(ref _before, buffer) is var got and > 0 ? got
            : middle.Read(buffer) is var read and > 0 ? read
            : Take(ref _after, buffer);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                middle.Dispose();
            }

            base.Dispose(disposing);
        }

        private static int Take(ref ReadOnlyMemory<byte> bytes, Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, bytes.Length);
            bytes.Span[..count].CopyTo(buffer);
            bytes = bytes[count..];
            return count;
        }
    }

    // GZipStream takes a file that is cut short for a whole one. So a known last member is joined to the file: only where the file's own
    // members are whole does its text come out at the end.
    private sealed class WholeGzipStream(ReadOnlyMemory<byte> start, Stream rest) : ReadOnlyStream
    {
        private static readonly byte[] End = "the end of a whole file"u8.ToArray();
        private static readonly byte[] EndMember = Compress(End);

        private readonly GZipStream _content = new(new JoinedStream(start, rest, EndMember), CompressionMode.Decompress);
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _from;
        private int _to;

        // The last bytes are held back until it is known whether they are the end.
        public override int Read(Span<byte> buffer)
        {
            while (_to - _from <= End.Length)
            {
                _buffer.AsSpan(_from.._to).CopyTo(_buffer);
                (_from, _to) = (0, _to - _from);
                var read = _content.Read(_buffer.AsSpan(_to));
                if (read == 0)
                {
                    return _buffer.AsSpan(0, _to).SequenceEqual(End) ? 0 : throw new InvalidDataException("A gzip file is cut short.");
                }

                _to += read;
            }

            var count = Math.Min(buffer.Length, _to - _from - End.Length);
            _buffer.AsSpan(_from, count).CopyTo(buffer);
            _from += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _content.Dispose();
            }

            base.Dispose(disposing);
        }

        private static byte[] Compress(byte[] content)
        {
            using var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            {
                gzip.Write(content);
            }

            return compressed.ToArray();
        }
    }
}
