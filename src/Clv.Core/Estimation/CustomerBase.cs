using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>
/// The customers that models are estimated on: as they are at the end of the observation window, and as they were at the cutoff of the
/// backtest. Memory: the distinct histories and about 120 bytes a customer, and about 100 more for at most
/// 250,000 of them. Not safe for use from several threads at once.
/// </summary>
public sealed class CustomerBase
{
    private readonly SortedDictionary<string, Histories> _segments = new(StringComparer.Ordinal);
    private readonly Histories _all = new();
    private readonly SpendGrouper _spend = new();
    private readonly SpendGrouper _spendBefore = new();
    private readonly SpendGrouper _averages = new();
    private readonly SpendGrouper _averagesBefore = new();
    private readonly ShareEstimation _margins = new();
    private readonly (ShareEstimation Paid, ShareEstimation Kept) _net = (new(), new());
    private readonly (ShareEstimation Paid, ShareEstimation Kept) _netBefore = (new(), new());
    private readonly List<HeldOutCustomer> _heldOut = [];
    private readonly ShareEstimation _serving = new();
    private bool _hasCosts;

    /// <summary>Customers with a purchase occasion so far.</summary>
    public long Customers => _all.Whole.Customers;

    /// <summary>All customers' histories.</summary>
    internal Histories All => _all;

    /// <summary>The histories of each segment's customers, by its label in ordinal order.</summary>
    internal IReadOnlyDictionary<string, Histories> Segments => _segments;

    /// <summary>Those who had a purchase by the cutoff.</summary>
    internal IReadOnlyList<HeldOutCustomer> HeldOut => _heldOut;

    /// <summary>What was known of those customers' behaviour, by their places.</summary>
    internal BehaviourRecords Behaviour { get; } = new();

    /// <summary>The customers' contracts.</summary>
    internal ContractRecords Contracts { get; } = new();

    /// <summary>Adds a person with everything known: purchases, behaviour, contracts and what contacts cost.</summary>
    /// <param name="facts">The person; one without a purchase occasion may still tell of contracts and costs.</param>
    /// <param name="endDay">The last day of the observation window, as in <see cref="DateOnly.DayNumber"/>.</param>
    public void Add(CustomerFacts facts, int endDay)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var place = _heldOut.Count;
        Add(facts.Purchases, facts.Profile?.Segment);
        if (_heldOut.Count > place)
        {
            Behaviour.Add(place, facts.Key, facts.Profile, facts.LastYearBefore);
        }

        foreach (var contract in facts.Contracts)
        {
            Contracts.Add(contract, endDay);
        }

        if (ServingYears.Of(facts, endDay) is { } years)
        {
            var cost = facts.Costs.Total.ToDouble();
            _serving.Add(cost, years);
            _hasCosts |= cost > 0;
        }
    }

    /// <summary>Adds a customer of whom only purchases are known; one without a purchase occasion says nothing and is passed over.</summary>
    /// <param name="summary">The customer's purchases.</param>
    /// <param name="segment">
    /// The label of the customer's segment; null for none. The customers of more than <see cref="SegmentLabels.MaxCount"/> segments share a model.
    /// </param>
    public void Add(in CustomerSummary summary, string? segment = null)
    {
        if (!summary.Whole.HasPurchase)
        {
            return;
        }

        Histories? own = null;
        if (segment is not null && !_segments.TryGetValue(segment, out own) && _segments.Count < SegmentLabels.MaxCount)
        {
            _segments[segment] = own = new Histories();
        }

        Add(_all.Whole, own?.Whole, summary.Whole, summary.SumLogGaps);
        AddSpend(_spend, summary.Whole);
        AddValues(_averages, _net, summary.Whole);
        _margins.Add(summary.MarginTotal.ToDouble(), summary.AmountWithMargin.ToDouble());
        if (summary.Before.HasPurchase)
        {
            Add(_all.Before, own?.Before, summary.Before, summary.SumLogGapsBefore);
            AddSpend(_spendBefore, summary.Before);
            AddValues(_averagesBefore, _netBefore, summary.Before);
            own?.Places.Add(_heldOut.Count);
            _heldOut.Add(HeldOutCustomer.Of(summary));
        }
    }

    /// <summary>
    /// Adds at which ages repeat occasions were made: by all added customers, or by more of whom these are a sample and whose counts are then
    /// reduced in proportion.
    /// </summary>
    public void Add(RepeatAges ages)
    {
        ArgumentNullException.ThrowIfNull(ages);
        Add(_all.Before, ages.Before, default);
        Add(_all.Whole, ages.Before, ages.After);
    }

    /// <summary>The values of repeat occasions; of all occasions where nobody has one with a value.</summary>
    internal GroupedSpend Spend() => (_spend.Customers > 0 ? _spend : _averages).Build();

    /// <summary>The same up to the cutoff.</summary>
    internal GroupedSpend SpendBefore() => (_spendBefore.Customers > 0 ? _spendBefore : _averagesBefore).Build();

    /// <summary>What is left of a paid occasion's value.</summary>
    internal NetRates Net() => new(_net.Paid.ShareUnlessAll(), _net.Kept.ShareUnlessAll());

    /// <summary>The same up to the cutoff.</summary>
    internal NetRates NetBefore() => new(_netBefore.Paid.ShareUnlessAll(), _netBefore.Kept.ShareUnlessAll());

    /// <summary>Shares of contribution margin; null when no row had one.</summary>
    internal ShrunkShare? Margins() => _margins.Share();

    /// <summary>What contacts with a customer cost a year; null when no contact had a cost.</summary>
    internal ShrunkShare? ServingPerYear() => _hasCosts ? _serving.Share() : null;

    private static void Add(HistoryGrouper all, HistoryGrouper? own, in PurchaseSummary summary, double sumLogGaps)
    {
        all.Add(summary.Frequency, summary.RecencyDays, summary.AgeDays, logGaps: sumLogGaps);
        own?.Add(summary.Frequency, summary.RecencyDays, summary.AgeDays, logGaps: sumLogGaps);
    }

    private static void Add(HistoryGrouper histories, ReadOnlySpan<long> one, ReadOnlySpan<long> other)
    {
        Int128 all = 0, seen = 0;
        foreach (var count in one)
        {
            all += count;
        }

        foreach (var count in other)
        {
            all += count;
        }

        // Rounding the running total spreads what is rounded evenly and ends at the exact number.
        long added = 0;
        for (var day = 1; day < Math.Max(one.Length, other.Length) && all > 0; day++)
        {
            seen += (day < one.Length ? one[day] : 0) + (day < other.Length ? other[day] : 0);
            var due = (long)(seen * histories.Repeats / all);
            histories.AddRepeat(day, due - added);
            added = due;
        }
    }

    private static void AddValues(SpendGrouper averages, (ShareEstimation Paid, ShareEstimation Kept) net, in PurchaseSummary summary)
    {
        var total = summary.NetTotal.ToDouble();
        if (total > 0)
        {
            averages.Add(summary.Frequency + 1, total / (summary.Frequency + 1));
        }

        net.Paid.Add(summary.SpendCount, summary.Frequency);
        net.Kept.Add(total, (summary.NetTotal + summary.ReturnTotal).ToDouble());
    }

    private static void AddSpend(SpendGrouper spend, in PurchaseSummary summary)
    {
        if (summary.SpendCount > 0)
        {
            spend.Add(summary.SpendCount, summary.MeanSpend);
        }
    }

    /// <summary>The histories of some customers.</summary>
    internal sealed class Histories
    {
        public HistoryGrouper Whole { get; } = new();

        public HistoryGrouper Before { get; } = new();

        /// <summary>Where they stand among <see cref="HeldOut"/>; kept for segments only.</summary>
        public List<int> Places { get; } = [];
    }
}
