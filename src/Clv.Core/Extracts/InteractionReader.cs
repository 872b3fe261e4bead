using Clv.Core.History;

namespace Clv.Core.Extracts;

/// <summary>
/// Reads an interaction file row by row, by the rules of <see cref="TransactionReader"/>. A cost in another currency is converted at the rate of its
/// day. Not thread-safe.
/// </summary>
public sealed class InteractionReader : CustomerRowReader
{
    private readonly InteractionLayout _layout;
    private readonly CodeValues<InteractionKind> _kinds;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the reader.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">How to read it.</param>
    /// <param name="rules">What a row must satisfy beyond its format, and the rates of its currency.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty, is not CSV, or its header lacks a required column.</exception>
    public InteractionReader(Stream content, string file, ExtractMapping mapping, ExtractRules rules, QuarantineHandler quarantine)
        : base(content, file, mapping, rules, quarantine) =>
        (_layout, _kinds) = Resolve(header => (InteractionLayout.Resolve(header, mapping.Interactions.Columns), mapping.ResolveKinds()));

    /// <summary>The current row's contact.</summary>
    public Interaction Interaction { get; private set; }

    /// <summary>The current row's own id in UTF-8, or empty. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Id => _layout.Id.Exists ? Cell(_layout.Id).Trim(" \t"u8) : default;

    /// <summary>Whether the file has a column of ids.</summary>
    public bool HasIds => _layout.Id.Exists;

    private protected override bool CheckRow()
    {
        if (!TryCustomer(_layout.CustomerId)
            || !TryPastDay(_layout.OccurredAt, out var day)
            || !TryOptionalCode(_layout.Kind, _kinds, out var kind)
            || !TryOptionalMoney(_layout.Cost, _layout.Currency, day, out var cost))
        {
            return false;
        }

        if (kind is null)
        {
            return Refuse(_layout.Kind, QuarantineReason.Empty);
        }

        Interaction = new Interaction(day, kind.Value, cost);
        return Id.Length <= Clv.Core.CustomerId.MaxBytes || Refuse(_layout.Id, QuarantineReason.TooLong);
    }
}
