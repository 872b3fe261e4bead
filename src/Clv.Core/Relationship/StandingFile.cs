using System.Buffers.Binary;
using System.Security.Cryptography;
using Clv.Core.History;

namespace Clv.Core.Relationship;

/// <summary>
/// A partition's standings as records of fixed size in the order of keys, between marks and with a checksum at the end. Written by
/// <see cref="StandingWriter"/>.
/// </summary>
public static class StandingFile
{
    /// <summary>Bytes of one standing.</summary>
    public const int RecordSize = 1 + CustomerKey.Size + 3 + (8 * sizeof(int)) + sizeof(double) + (5 * sizeof(decimal));

    // The version of the format.
    internal const byte RecordMark = 1;
    internal const byte EndMark = 0;
    internal const int NoDay = int.MinValue;
    private const byte NoCode = byte.MaxValue;

    /// <summary>Reads all standings, one at a time. A damage may show only at the end, so nothing is to be kept of a file that throws.</summary>
    /// <param name="input">What <see cref="StandingWriter"/> wrote; is left open.</param>
    /// <exception cref="EndOfStreamException">The file is truncated.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or of another format.</exception>
    public static IEnumerable<Standing> Read(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);

        // Not disposed, because that would close the input.
        var buffered = new BufferedStream(input, RecordSize * 1024);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var record = new byte[RecordSize];
        CustomerKey? last = null;
        while (true)
        {
            Fill(buffered, record.AsSpan(0, 1));
            if (record[0] == EndMark)
            {
                break;
            }

            if (record[0] != RecordMark)
            {
                throw Damaged();
            }

            Fill(buffered, record.AsSpan(1));
            hash.AppendData(record);
            var standing = Parse(record.AsSpan(1));
            if (standing.Key <= last)
            {
                throw Damaged();
            }

            last = standing.Key;
            yield return standing;
        }

        var expected = new byte[SHA256.HashSizeInBytes];
        Fill(buffered, expected);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected) || buffered.ReadByte() >= 0)
        {
            throw Damaged();
        }
    }

    internal static byte Code<TEnum>(TEnum? value)
        where TEnum : struct, Enum => value is { } known ? Convert.ToByte(known) : NoCode;

    internal static byte Code<TEnum>(TEnum value)
        where TEnum : struct, Enum => Convert.ToByte(value);

    private static void Fill(BufferedStream input, Span<byte> bytes)
    {
        if (input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new EndOfStreamException("A file of standings ends before its end mark: it was not written to the end.");
        }
    }

    private static InvalidDataException Damaged() =>
        new("A file of standings is damaged or of another format: restore it, or delete that run's folder of standings, and the next night is compared with none.");

    private static Standing Parse(ReadOnlySpan<byte> record)
    {
        var fields = new FieldReader(record);
        var key = fields.Key();
        var phase = fields.Code<RelationshipPhase>() ?? throw Damaged();
        var (next, tier) = (fields.Code<RelationshipPhase>(), fields.Code<ValueTier>());
        return new Standing
        {
            Key = key,
            Phase = phase,
            NextPhase = next,
            Tier = tier,
            PhaseSince = fields.Int(),
            NextPhaseNights = fields.Int(),
            TierSince = fields.Day(),
            LastPurchase = fields.Day(),
            RunningContracts = fields.Int(),
            CancelledContracts = fields.Int(),
            Renewals = fields.Int(),
            RenewalsTold = fields.Day(),
            ProbabilityAlive = fields.Double() is var alive && double.IsNaN(alive) ? null : alive,
            Historic = fields.Decimal(),
            Future = fields.Decimal(),
            Revenue = fields.Decimal(),
            ContractRevenue = fields.Decimal(),
            Costs = fields.Decimal(),
        };
    }

    private ref struct FieldReader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public CustomerKey Key() => CustomerKey.Read(Take(CustomerKey.Size));

        public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

        public int? Day() => Int() is var day and not NoDay ? day : null;

        public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

        public TEnum? Code<TEnum>()
            where TEnum : struct, Enum
        {
            var code = Take(1)[0];
            var value = (TEnum)Enum.ToObject(typeof(TEnum), code);
            return code == NoCode ? null : Enum.IsDefined(value) ? value : throw Damaged();
        }

        public decimal Decimal()
        {
            Span<int> parts = [Int(), Int(), Int(), Int()];
            try
            {
                return new decimal(parts);
            }
            catch (ArgumentException)
            {
                throw Damaged();
            }
        }

        private ReadOnlySpan<byte> Take(int size)
        {
            var field = _rest[..size];
            _rest = _rest[size..];
            return field;
        }
    }
}
