using System.Buffers.Binary;
using System.Security.Cryptography;
using Clv.Core.History;

namespace Clv.Core.Relationship;

/// <summary>Writes the standings of a partition, one at a time, for <see cref="StandingFile.Read"/>. Needs no memory per person.</summary>
/// <param name="output">Receives the bytes; is left open.</param>
public sealed class StandingWriter(Stream output) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _record = new byte[StandingFile.RecordSize];
    private CustomerKey? _last;
    private bool _complete;

    /// <summary>Writes one standing.</summary>
    /// <exception cref="ArgumentException">Its key does not follow that of the standing before.</exception>
    /// <exception cref="InvalidOperationException">The file is complete.</exception>
    public void Write(Standing standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        if (_complete)
        {
            throw new InvalidOperationException("The file of standings is complete.");
        }

        if (standing.Key <= _last)
        {
            throw new ArgumentException("Standings are written in the order of their keys, each once.", nameof(standing));
        }

        _last = standing.Key;
        var fields = new FieldWriter(_record);
        fields.Add(StandingFile.RecordMark);
        fields.Add(standing.Key);
        fields.Add(StandingFile.Code(standing.Phase));
        fields.Add(StandingFile.Code(standing.NextPhase));
        fields.Add(StandingFile.Code(standing.Tier));
        fields.Add(standing.PhaseSince);
        fields.Add(standing.NextPhaseNights);
        fields.Add(standing.TierSince ?? StandingFile.NoDay);
        fields.Add(standing.LastPurchase ?? StandingFile.NoDay);
        fields.Add(standing.RunningContracts);
        fields.Add(standing.CancelledContracts);
        fields.Add(standing.Renewals);
        fields.Add(standing.RenewalsTold ?? StandingFile.NoDay);
        fields.Add(standing.ProbabilityAlive ?? double.NaN);
        fields.Add(standing.Historic);
        fields.Add(standing.Future);
        fields.Add(standing.Revenue);
        fields.Add(standing.ContractRevenue);
        fields.Add(standing.Costs);
        _hash.AppendData(_record);
        output.Write(_record);
    }

    /// <summary>Writes the end, without which a file counts as truncated.</summary>
    public void Complete()
    {
        if (!_complete)
        {
            _complete = true;
            output.WriteByte(StandingFile.EndMark);
            output.Write(_hash.GetHashAndReset());
        }
    }

    /// <summary>Frees the checksum; writes nothing.</summary>
    public void Dispose() => _hash.Dispose();

    private ref struct FieldWriter(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void Add(byte value) => Take(sizeof(byte))[0] = value;

        public void Add(CustomerKey value) => value.Write(Take(CustomerKey.Size));

        public void Add(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

        public void Add(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(sizeof(double)), value);

        public void Add(decimal value)
        {
            Span<int> parts = stackalloc int[4];
            decimal.GetBits(value, parts);
            foreach (var part in parts)
            {
                Add(part);
            }
        }

        private Span<byte> Take(int size)
        {
            var field = _rest[..size];
            _rest = _rest[size..];
            return field;
        }
    }
}
