namespace Clv.Core.History;

/// <summary>Everything a night knows of one person: what they bought, what the CRM says of them, their contracts and their contacts.</summary>
public sealed record CustomerFacts
{
    /// <summary>How many months of a customer's first year are kept apart.</summary>
    public const int FirstMonths = 12;

    /// <summary>Days of such a month: a twelfth of a mean Gregorian year.</summary>
    public const double MonthDays = 365.2425 / 12;

    /// <summary>The pseudonym.</summary>
    public required CustomerKey Key { get; init; }

    /// <summary>The purchases; without one for somebody who has no transactions.</summary>
    public required CustomerSummary Purchases { get; init; }

    /// <summary>Whether the person has transactions at all, purchases or not.</summary>
    public bool HasTransactions { get; init; }

    /// <summary>What the CRM says; null for somebody who is in no customer file.</summary>
    public CustomerProfile? Profile { get; init; }

    /// <summary>Contracts, in the order of their start and ids, without those that were cancelled before they began.</summary>
    public IReadOnlyList<Contract> Contracts { get; init; } = [];

    /// <summary>What was bought by category, in the ordinal order of names; rows without a category are in none.</summary>
    public IReadOnlyList<CategoryPurchases> Categories { get; init; } = [];

    /// <summary>What contacts cost so far.</summary>
    public InteractionCosts Costs { get; init; }

    /// <summary>Contacts in the <see cref="CustomerSummary.YearDays"/> days up to the end of the window.</summary>
    public InteractionCounts LastYear { get; init; } = InteractionCounts.None;

    /// <summary>Contacts in the <see cref="CustomerSummary.YearDays"/> days up to the backtest's cutoff; none where nothing is held out.</summary>
    public InteractionCounts LastYearBefore { get; init; } = InteractionCounts.None;

    /// <summary>Purchase occasions in the <see cref="CustomerSummary.YearDays"/> days up to the end of the window.</summary>
    public int RecentOccasions { get; init; }

    /// <summary>Purchase occasions in as many days before those.</summary>
    public int EarlierOccasions { get; init; }

    /// <summary>Bought less returned in the same days as <see cref="RecentOccasions"/>.</summary>
    public Money RecentNet { get; init; }

    /// <summary>Bought less returned in the same days as <see cref="EarlierOccasions"/>.</summary>
    public Money EarlierNet { get; init; }

    /// <summary>Bought less returned in each of the first <see cref="FirstMonths"/> months since the first purchase; empty without one.</summary>
    public IReadOnlyList<Money> FirstYearNet { get; init; } = [];

    /// <summary>Whether the person ever bought or signed anything.</summary>
    public bool IsCustomer => HasTransactions || Contracts.Count > 0;

    /// <summary>
    /// Whether the person is somebody who may become a customer: has bought and signed nothing, and the CRM calls them a prospect or says
    /// nothing. Who is neither this nor a customer is known and counts for nothing, such as somebody who declined.
    /// </summary>
    public bool IsProspect => !IsCustomer && (Profile?.Status ?? CustomerStatus.Unknown) is CustomerStatus.Prospect or CustomerStatus.Unknown;

    /// <summary>
    /// The day on which the person became a customer: of the first purchase, or of the first contract's start where that is earlier; null for
    /// somebody without either.
    /// </summary>
    public int? Start
    {
        get
        {
            var first = Purchases.Whole is { HasPurchase: true } purchases ? purchases.FirstDay : int.MaxValue;
            foreach (var contract in Contracts)
            {
                first = Math.Min(first, contract.StartedOn);
            }

            return first == int.MaxValue ? null : first;
        }
    }
}

/// <summary>What a customer bought of one category.</summary>
/// <param name="Name">The category.</param>
/// <param name="Purchases">Rows with a positive amount.</param>
/// <param name="Net">Bought less returned.</param>
/// <param name="LastDay">
/// The day of the last row with a positive amount, as in <see cref="DateOnly.DayNumber"/>; of the last row where none has one.
/// </param>
public sealed record CategoryPurchases(string Name, int Purchases, Money Net, int LastDay);
