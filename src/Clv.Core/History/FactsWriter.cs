using System.Buffers.Binary;

namespace Clv.Core.History;

/// <summary>
/// Writes the facts of a partition's people, in the order of keys: each as length (4 bytes) and fields, those first that estimating models
/// needs. <see cref="FactsReader"/> reads them. Not thread-safe.
/// </summary>
/// <param name="output">Receives them; is left open. Two writes per person.</param>
public sealed class FactsWriter(Stream output)
{
    private readonly FieldWriter _fields = new();

    /// <summary>Writes a person.</summary>
    /// <exception cref="ArgumentException">The first year has neither no months nor all.</exception>
    public void Write(CustomerFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.FirstYearNet.Count is not (0 or CustomerFacts.FirstMonths))
        {
            throw new ArgumentException($"A first year has {CustomerFacts.FirstMonths} months, or none without a purchase.", nameof(facts));
        }

        _fields.Clear();
        _fields.Add(facts.Key);
        Add(facts.Purchases);
        _fields.Add(facts.HasTransactions);
        _fields.Add(facts.Profile is not null);
        if (facts.Profile is { } profile)
        {
            ProfileCodec.Write(_fields, profile);
        }

        Add(facts.LastYear);
        Add(facts.LastYearBefore);
        _fields.Add(facts.Contracts.Count);
        foreach (var contract in facts.Contracts)
        {
            _fields.Add(contract.Id);
            ContractCodec.Write(_fields, contract);
        }

        _fields.Add(facts.Categories.Count);
        foreach (var category in facts.Categories)
        {
            _fields.Add(category.Name);
            _fields.Add(category.Purchases);
            _fields.Add(category.Net);
            _fields.Add(category.LastDay);
        }

        _fields.Add(facts.Costs.Service);
        _fields.Add(facts.Costs.Campaigns);
        _fields.Add(facts.Costs.Returns);
        _fields.Add(facts.RecentOccasions);
        _fields.Add(facts.EarlierOccasions);
        _fields.Add(facts.RecentNet);
        _fields.Add(facts.EarlierNet);
        _fields.Add(facts.FirstYearNet.Count > 0);
        foreach (var month in facts.FirstYearNet)
        {
            _fields.Add(month);
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, _fields.Written.Length);
        output.Write(length);
        output.Write(_fields.Written);
    }

    private void Add(in CustomerSummary summary)
    {
        Add(summary.Whole);
        Add(summary.Before);
        _fields.Add(summary.HoldoutOccasions);
        _fields.Add(summary.HoldoutNet);
        _fields.Add(summary.LastYearOccasions);
        _fields.Add(summary.LastYearNet);
        _fields.Add(summary.SumLogGaps);
        _fields.Add(summary.SumLogGapsBefore);
        _fields.Add(summary.MarginTotal);
        _fields.Add(summary.AmountWithMargin);
    }

    private void Add(in PurchaseSummary summary)
    {
        _fields.Add(summary.FirstDay);
        _fields.Add(summary.Frequency);
        _fields.Add(summary.RecencyDays);
        _fields.Add(summary.AgeDays);
        _fields.Add(summary.SpendCount);
        _fields.Add(summary.SpendTotal);
        _fields.Add(summary.NetTotal);
        _fields.Add(summary.ReturnTotal);
    }

    private void Add(InteractionCounts counts)
    {
        _fields.Add(counts.Total > 0);
        if (counts.Total > 0)
        {
            _fields.Add(counts.ServiceCalls);
            _fields.Add(counts.Complaints);
            _fields.Add(counts.Opens);
            _fields.Add(counts.Clicks);
            _fields.Add(counts.Social);
            _fields.Add(counts.Visits);
            _fields.Add(counts.Returns);
        }
    }
}
