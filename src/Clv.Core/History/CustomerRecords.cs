namespace Clv.Core.History;

/// <summary>
/// One customer's records of one kind beside transactions: the profile, contracts or interactions. A record is an identity and what is known
/// under it, both as bytes.
/// </summary>
public sealed class CustomerRecords : KeyedRows<CustomerRecords>
{
    /// <summary>The longest identity, in bytes.</summary>
    public const int MaxIdentityBytes = Clv.Core.CustomerId.MaxBytes;

    /// <summary>The longest payload, in bytes.</summary>
    public const int MaxPayloadBytes = 1 << 16;

    private readonly ByteColumn _identities = new();
    private readonly ByteColumn _payloads = new();

    /// <inheritdoc/>
    internal override long Bytes => (Count * 12L) + _identities.Bytes + _payloads.Bytes;

    /// <summary>What makes a record unique for its customer; empty for one that stands for itself.</summary>
    public ReadOnlySpan<byte> IdentityOf(int record) => _identities[record];

    /// <summary>What is known.</summary>
    public ReadOnlySpan<byte> Payload(int record) => _payloads[record];

    /// <summary>Adds a record behind the others.</summary>
    /// <param name="identity">What makes it unique for its customer; empty for one that stands for itself.</param>
    /// <param name="payload">What is known.</param>
    /// <param name="source">Where it comes from.</param>
    /// <exception cref="ArgumentException">
    /// The identity is longer than <see cref="MaxIdentityBytes"/>, or the payload than <see cref="MaxPayloadBytes"/>.
    /// </exception>
    public void Add(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> payload, int source)
    {
        if (identity.Length > MaxIdentityBytes)
        {
            throw new ArgumentException($"An identity has at most {MaxIdentityBytes} bytes.", nameof(identity));
        }

        if (payload.Length > MaxPayloadBytes)
        {
            throw new ArgumentException($"A record has at most {MaxPayloadBytes} bytes.", nameof(payload));
        }

        _identities.Add(identity);
        _payloads.Add(payload);
        Added(source);
    }

    // Of each record the lengths of identity and payload, and both, behind what every customer starts with.
    internal override void Write(BinaryWriter writer)
    {
        WriteHead(writer);
        for (var i = 0; i < Count; i++)
        {
            writer.Write7BitEncodedInt(IdentityOf(i).Length);
            writer.Write7BitEncodedInt(Payload(i).Length);
            writer.Write(IdentityOf(i));
            writer.Write(Payload(i));
        }
    }

    private protected override ReadOnlySpan<byte> Identity(int row) => IdentityOf(row);

    private protected override int Compare(int left, int right) =>
        IdentityOf(left).SequenceCompareTo(IdentityOf(right)) is var c and not 0 ? c : Payload(left).SequenceCompareTo(Payload(right));

    private protected override void Copy(CustomerRecords from, int row) => Add(from.IdentityOf(row), from.Payload(row), from.Sources[row]);

    private protected override void Clear()
    {
        _identities.Clear();
        _payloads.Clear();
    }
}
