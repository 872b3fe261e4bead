using System.Runtime.InteropServices;
using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>
/// Makes what can only be known when every customer is valued. Keeps about 30 bytes a customer, and 2 for each category a customer owns.
/// </summary>
/// <remarks>Not safe for use from several threads at once.</remarks>
public sealed class RankingBuilder
{
    /// <summary>Lifetime values count as no more, on either side of 0.</summary>
    private const decimal MostValue = Cents.Bound / 100;

    private readonly List<long> _lifetimes = [];
    private readonly SpendMedians _spend = new();
    private readonly ProspectCells _cells = new();
    private readonly CategoryCounter _categories = new();
    private long _contacts;
    private long _customers;

    /// <summary>Adds a person. Always in the same order: of partitions, in them of keys.</summary>
    /// <param name="facts">What is known of the person.</param>
    /// <param name="worth">What a customer is worth; null for somebody who is none.</param>
    public void Add(CustomerFacts facts, CustomerWorth? worth)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (worth is null || !facts.IsCustomer)
        {
            _cells.AddOther(facts);
            return;
        }

        _customers++;
        _contacts += facts.LastYear.ServiceCalls + facts.LastYear.Complaints;
        _lifetimes.Add(InCents(worth.Lifetime));
        _cells.AddCustomer(facts.Profile, InCents(worth.Lifetime + worth.Costs.Acquisition));
        _categories.Add(facts.Categories);
        if (worth.Purchases is { } purchases)
        {
            _spend.Add(facts.Profile?.Segment ?? "", purchases.ExpectedSpend);
        }
    }

    /// <summary>The ranking of everybody who was added. Called once, at the end.</summary>
    /// <param name="profile">The shares of tiers, and what counts as going together.</param>
    public Ranking Build(IndustryProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new Ranking(
            Tiers(profile.Tiers),
            _cells.Table(),
            _categories.Associations(profile.Actions),
            new TypicalCustomer(_customers == 0 ? 0 : (double)_contacts / _customers, _spend.BySegment()));
    }

    private static long InCents(decimal amount) => decimal.ToInt64(Math.Clamp(amount, -MostValue, MostValue) * 100);

    private TierThresholds? Tiers(TierShares shares)
    {
        if (_lifetimes.Count == 0)
        {
            return null;
        }

        var values = CollectionsMarshal.AsSpan(_lifetimes);
        values.Sort();
        // The n-th highest: whoever is worth as much is in the tier too, so that equal values are never told apart.
        var top = Math.Max(1, values[^Quantile.Rank(shares.Top, values.Length)]);
        // Among the best is nobody where that would be everybody.
        top += top == values[0] ? 1 : 0;
        var middle = values[^Quantile.Rank(shares.Top + shares.Middle, values.Length)];
        return new TierThresholds(top / 100m, middle / 100m);
    }
}
