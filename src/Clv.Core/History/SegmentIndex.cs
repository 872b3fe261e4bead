using System.Buffers.Binary;

namespace Clv.Core.History;

/// <summary>A range of a segment's bytes that holds the rows of one partition from one chunk.</summary>
/// <param name="Offset">Where it starts.</param>
/// <param name="Length">Its length in bytes; 0 when the chunk has no rows of the partition.</param>
public readonly record struct SegmentSlice(long Offset, long Length);

/// <summary>
/// The end of a segment: per chunk and partition the slice's offset and length, then a trailer of fixed size, so that a reader needs two
/// small range requests to find a partition's rows.
/// </summary>
public sealed class SegmentIndex
{
    /// <summary>Bytes of the trailer, the last of the file.</summary>
    public const int TrailerSize = 24;

    private const ulong Magic = 0x31474553_56_4c_43_00;

    private readonly SegmentSlice[] _slices;
    private readonly int _partitions;

    private SegmentIndex(SegmentSlice[] slices, int partitions)
    {
        _slices = slices;
        _partitions = partitions;
    }

    /// <summary>How many bytes the index takes before the trailer.</summary>
    /// <param name="trailer">The last <see cref="TrailerSize"/> bytes of the segment.</param>
    /// <exception cref="InvalidDataException">The bytes are not a segment's trailer.</exception>
    public static int Size(ReadOnlySpan<byte> trailer)
    {
        var (chunks, partitions, _) = ReadTrailer(trailer);
        return chunks * partitions * 16;
    }

    /// <summary>Reads an index.</summary>
    /// <param name="index">The bytes before the trailer, <see cref="Size"/> of them.</param>
    /// <param name="trailer">The last <see cref="TrailerSize"/> bytes of the segment.</param>
    /// <exception cref="InvalidDataException">The bytes are not an index and its trailer.</exception>
    public static SegmentIndex Read(ReadOnlySpan<byte> index, ReadOnlySpan<byte> trailer)
    {
        var (chunks, partitions, _) = ReadTrailer(trailer);
        if (index.Length != Size(trailer))
        {
            throw new InvalidDataException("A segment's index is incomplete.");
        }

        var slices = new SegmentSlice[chunks * partitions];
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = new SegmentSlice(
                BinaryPrimitives.ReadInt64LittleEndian(index[(i * 16)..]), BinaryPrimitives.ReadInt64LittleEndian(index[((i * 16) + 8)..]));
            if (slices[i].Offset < 0 || slices[i].Length < 0)
            {
                throw new InvalidDataException("A segment's index is damaged.");
            }
        }

        return new SegmentIndex(slices, partitions);
    }

    /// <summary>The slices of a partition that have rows, in the order of the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The segment was written for fewer partitions.</exception>
    public IEnumerable<SegmentSlice> SlicesOf(int partition)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)partition, (uint)_partitions, nameof(partition));
        return Slices(partition);
    }

    private IEnumerable<SegmentSlice> Slices(int partition)
    {
        for (var i = partition; i < _slices.Length; i += _partitions)
        {
            if (_slices[i].Length > 0)
            {
                yield return _slices[i];
            }
        }
    }

    internal static void Write(BinaryWriter output, IReadOnlyList<SegmentSlice[]> chunks, int partitions, long rows)
    {
        foreach (var slice in chunks.SelectMany(static chunk => chunk))
        {
            output.Write(slice.Offset);
            output.Write(slice.Length);
        }

        output.Write(chunks.Count);
        output.Write(partitions);
        output.Write(rows);
        output.Write(Magic);
    }

    private static (int Chunks, int Partitions, long Rows) ReadTrailer(ReadOnlySpan<byte> trailer)
    {
        if (trailer.Length != TrailerSize || BinaryPrimitives.ReadUInt64LittleEndian(trailer[16..]) != Magic)
        {
            throw new InvalidDataException("Not a segment: its trailer is missing.");
        }

        var chunks = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        var partitions = BinaryPrimitives.ReadInt32LittleEndian(trailer[4..]);
        return chunks >= 0 && partitions > 0 && (long)chunks * partitions <= Array.MaxLength / 16
            ? (chunks, partitions, BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]))
            : throw new InvalidDataException("A segment's trailer is damaged.");
    }
}
