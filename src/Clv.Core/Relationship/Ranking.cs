using Clv.Core.History;

namespace Clv.Core.Relationship;

/// <summary>What can only be known when every customer is valued: thresholds, what prospects are worth, what goes together.</summary>
/// <param name="Tiers">Where the tiers begin; null without customers.</param>
/// <param name="Prospects">What prospects are worth; null when there are none, or nobody to compare them with.</param>
/// <param name="Categories">Which categories go together; empty when no categories are known.</param>
/// <param name="Typical">What is usual among customers.</param>
public sealed record Ranking(
    TierThresholds? Tiers, ProspectTable? Prospects, CategoryAssociations Categories, TypicalCustomer Typical);

/// <summary>Lifetime values from which customers are in a tier.</summary>
/// <param name="Top">The least value of the top tier, above 0; nobody may reach it.</param>
/// <param name="Middle">The least value of the middle tier.</param>
public sealed record TierThresholds(decimal Top, decimal Middle);

/// <summary>What is usual among customers.</summary>
/// <param name="ServiceContacts">Mean service calls and complaints of a customer in the last year.</param>
/// <param name="SpendPerOccasion">Median expected spend of an occasion, by segment; the empty name is everybody's.</param>
public sealed record TypicalCustomer(double ServiceContacts, IReadOnlyDictionary<string, double> SpendPerOccasion);

/// <summary>Which categories customers own together.</summary>
/// <param name="Customers">Customers with at least one category.</param>
/// <param name="Owners">Customers who own a category, by its name.</param>
/// <param name="Pairs">Pairs of categories that go together more often than chance, with enough support, by falling lift.</param>
public sealed record CategoryAssociations(long Customers, IReadOnlyDictionary<string, long> Owners, IReadOnlyList<CategoryPair> Pairs)
{
    /// <summary>Nothing is known.</summary>
    public static CategoryAssociations None { get; } = new(0, new Dictionary<string, long>(), []);
}

/// <summary>How much more often than chance the owners of one category own another.</summary>
/// <param name="Owned">The category a customer owns.</param>
/// <param name="Offered">The other.</param>
/// <param name="Both">Customers who own both.</param>
/// <param name="Confidence">Of the owners of the first, the share who own the second.</param>
/// <param name="Lift">That share over the share of all customers who own the second.</param>
public sealed record CategoryPair(string Owned, string Offered, long Both, double Confidence, double Lift);

/// <summary>What prospects are worth, from customers like them.</summary>
/// <param name="Cells">Estimates by (channel, segment, region), the names joined as <see cref="ProspectTable.CellOf"/> does.</param>
/// <param name="Everybody">The estimate for a prospect of whom no customer is like.</param>
public sealed record ProspectTable(IReadOnlyDictionary<string, ProspectEstimate> Cells, ProspectEstimate Everybody)
{
    /// <summary>The name of a person's cell.</summary>
    public static string CellOf(CustomerProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return string.Join('\u001f', profile.Channel ?? "", profile.Segment ?? "", profile.Region ?? "");
    }

    /// <summary>The estimate for a person.</summary>
    public ProspectEstimate Of(CustomerProfile profile) => Cells.GetValueOrDefault(CellOf(profile)) ?? Everybody;
}

/// <summary>What a prospect is worth.</summary>
/// <param name="Customers">Customers of the same cell.</param>
/// <param name="ValueIfWon">What such a customer is worth over a lifetime, without acquisition cost, drawn towards everybody's by their number.</param>
/// <param name="Low">Lower end of the middle 80 % of such customers' values.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Conversion">The share of such people in the CRM who have become customers so far, drawn likewise: no rate of a time.</param>
/// <param name="Own">How much of the estimate is the cell's own, 0 to 1.</param>
public sealed record ProspectEstimate(long Customers, decimal ValueIfWon, decimal Low, decimal High, double Conversion, double Own)
{
    /// <summary>The expected value: <see cref="ValueIfWon"/> times <see cref="Conversion"/>, rounded to cents.</summary>
    public decimal Expected => decimal.Round(ValueIfWon * (decimal)Conversion, 2, MidpointRounding.ToEven);
}
