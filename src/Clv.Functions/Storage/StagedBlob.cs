using System.Buffers.Binary;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Clv.Functions.Storage;

/// <summary>
/// A blob that is written front to back in blocks and appears whole or not at all: nothing is visible until <see cref="CommitAsync"/>.
/// Block ids follow from the writer and the position, so two writers of the same bytes do not disturb each other, and those of different bytes,
/// each with a number of its own, do not mix. Memory is one block.
/// </summary>
/// <param name="blob">The blob.</param>
/// <param name="writer">Who writes: 0 for everybody who writes the same bytes, else a random number.</param>
internal sealed class StagedBlob(BlockBlobClient blob, ulong writer = 0) : Stream
{
    // A blob has at most 50,000 blocks, so the rest of an id's eight bytes is the writer's.
    private const int PositionBits = 16;

    private const int BlockSize = 4 << 20;

    private readonly MemoryStream _block = new(BlockSize);
    private readonly List<string> _ids = [];
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Makes the blob visible, in place of what was there.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <param name="options">Conditions and what is noted of the blob.</param>
    public async Task CommitAsync(CancellationToken cancellationToken, CommitBlockListOptions? options = null)
    {
        if (_block.Length > 0)
        {
            Stage();
        }

        await blob.CommitBlockListAsync(_ids, options ?? new CommitBlockListOptions(), cancellationToken);
    }

    /// <summary>Makes the blob visible unless there is one already, which stays: it is another delivery's, or has been corrected since.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <param name="notes">What is noted of the blob; null for nothing.</param>
    public async Task CommitOnceAsync(CancellationToken cancellationToken, IDictionary<string, string>? notes = null)
    {
        try
        {
            await CommitAsync(
                cancellationToken,
                new CommitBlockListOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All }, Metadata = notes });
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 || e.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // A commit discards the blocks that other writers have staged.
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _length += buffer.Length;
        while (!buffer.IsEmpty)
        {
            var part = Math.Min(buffer.Length, BlockSize - (int)_block.Length);
            _block.Write(buffer[..part]);
            buffer = buffer[part..];
            if (_block.Length == BlockSize)
            {
                Stage();
            }
        }
    }

    // Blocks leave when they are full; a flush in between would make their bounds depend on the writer's buffers.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _block.Dispose();
        base.Dispose(disposing);
    }

    private void Stage()
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, (writer << PositionBits) | (uint)_ids.Count);
        var id = Convert.ToBase64String(number);
        _block.Position = 0;
        blob.StageBlock(id, _block);
        _ids.Add(id);
        _block.SetLength(0);
    }
}
