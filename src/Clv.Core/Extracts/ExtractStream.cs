using System.IO.Compression;

namespace Clv.Core.Extracts;

/// <summary>
/// Opens an extract's bytes, plain or gzip. What the file is, its first two bytes decide, not its name. How much may come out of it is bounded, so
/// that a small file cannot keep the night busy for hours.
/// </summary>
public static class ExtractStream
{
    /// <summary>The most bytes that a file may have, decompressed.</summary>
    public const long MaxBytes = 64L << 30;

    /// <summary>The bytes that any file may decompress to, however small it is.</summary>
    public const long AlwaysBytes = 256L << 20;

    /// <summary>How many times its own size a file may decompress to beyond <see cref="AlwaysBytes"/>. Extracts reach 5 to 50.</summary>
    public const int MaxRatio = 250;

    /// <summary>
    /// Gives the decompressed content, whose reading throws <see cref="InvalidDataException"/> where the file is damaged or cut short, and
    /// <see cref="ExtractRefusedException"/> where it is larger than a file may be.
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
        return new BoundedStream(
            start is [0x1f, 0x8b] ? new WholeGzipStream(prefix, source) : new JoinedStream(prefix, source, default), file);
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

    // Passes content on as long as it is no larger than a file may be.
    private sealed class BoundedStream(ReadOnlyStream content, string file) : ReadOnlyStream
    {
        private long _total;

        public override int Read(Span<byte> buffer)
        {
            var read = content.Read(buffer);
            _total += read;
            if (_total > MaxBytes)
            {
                throw new ExtractRefusedException(file, $"larger than {MaxBytes >> 30} GiB: deliver it in several files");
            }

            if (_total > AlwaysBytes && content is WholeGzipStream gzip && _total / MaxRatio > gzip.Compressed)
            {
                throw new ExtractRefusedException(
                    file,
                    $"decompresses to more than {AlwaysBytes >> 20} MiB and more than {MaxRatio} times its size, which no extract does: "
                    + "check what was exported, and deliver it without compression if it is right");
            }

            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                content.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    // A few bytes, the stream, and a few bytes more.
    private sealed class JoinedStream(ReadOnlyMemory<byte> before, Stream middle, ReadOnlyMemory<byte> after) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _before = before;
        private ReadOnlyMemory<byte> _after = after;

        // What was read so far.
        public long Total { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = Take(ref _before, buffer) is var got and > 0 ? got
                : middle.Read(buffer) is var more and > 0 ? more
                : Take(ref _after, buffer);
            Total += read;
            return read;
        }

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
    private sealed class WholeGzipStream : ReadOnlyStream
    {
        private static readonly byte[] End = "the end of a whole file"u8.ToArray();
        private static readonly byte[] EndMember = Compress(End);

        private readonly JoinedStream _compressed;
        private readonly GZipStream _content;
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _from;
        private int _to;

        public WholeGzipStream(ReadOnlyMemory<byte> start, Stream rest)
        {
            _compressed = new JoinedStream(start, rest, EndMember);
            _content = new GZipStream(_compressed, CompressionMode.Decompress);
        }

        // Bytes of the file that were read so far; a few more than it has at its end.
        public long Compressed => _compressed.Total;

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
