using Clv.Core.Extracts;
using Clv.Core.Industry;

namespace Clv.Core.History;

/// <summary>Makes facts of what was delivered of a person. The result depends on nothing but the person and the settings. Not thread-safe.</summary>
public sealed class FactsBuilder
{
    private readonly int _endDay;
    private readonly int _holdoutDays;
    private readonly AssumedMargins _margins;
    private readonly ContactCosts _costs;
    private readonly CustomerSummary _nothing;
    private readonly TextPool _texts = new();
    private readonly Dictionary<string, CategoryPurchases> _categories = new(StringComparer.Ordinal);

    /// <summary>Sets the window and the firm's rates.</summary>
    /// <param name="endDay">The last day of the observation window; transactions and contacts after it are not looked at.</param>
    /// <param name="holdoutDays">Days at the end of the window that a backtest holds out; 0 for none.</param>
    /// <param name="profile">The firm's margins, for rows that have none, and its costs of contacts, for those that do not say.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tail has a negative length.</exception>
    public FactsBuilder(int endDay, int holdoutDays, IndustryProfile profile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(holdoutDays);
        ArgumentNullException.ThrowIfNull(profile);
        (_endDay, _holdoutDays) = (endDay, holdoutDays);
        _nothing = CustomerSummary.Of([], [], [], endDay, holdoutDays);
        _margins = new AssumedMargins(profile.Margins);
        _costs = new ContactCosts(profile.Costs);
    }

    /// <summary>The facts of a person.</summary>
    /// <param name="person">What was delivered.</param>
    /// <param name="ages">Counts the person's repeat occasions by age; null for nobody to count.</param>
    public CustomerFacts Build(PersonHistory person, RepeatAges? ages = null)
    {
        ArgumentNullException.ThrowIfNull(person);
        var cutoff = _endDay - _holdoutDays;
        var facts = new CustomerFacts
        {
            Key = person.Key,
            Purchases = _nothing,
            Profile = person.Profile,
            Contracts = person.Contracts,
            Costs = _costs.Sum(person.Interactions, _endDay),
            LastYear = ContactCosts.Count(person.Interactions, _endDay - CustomerSummary.YearDays, _endDay),
            LastYearBefore = _holdoutDays == 0
                ? InteractionCounts.None
                : ContactCosts.Count(person.Interactions, cutoff - CustomerSummary.YearDays, cutoff),
        };
        return person.Transactions is { } rows ? WithTransactions(facts, rows, ages) : facts;
    }

    /// <summary>How many of a person's contacts in the window have no cost because nobody knows it.</summary>
    /// <param name="person">What was delivered.</param>
    public int ContactsWithoutCost(PersonHistory person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return person.Interactions.Count(contact => contact.Day <= _endDay && _costs.Of(contact) is null);
    }

    /// <summary>
    /// The margins of a person's transactions as the facts take them, in millionths and in their order: the row's own, else the firm's rate,
    /// <see cref="TransactionReader.NoMargin"/> where neither is known.
    /// </summary>
    /// <param name="person">What was delivered.</param>
    public IReadOnlyList<long> MarginsOf(PersonHistory person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return person.Transactions is { } rows ? [.. _margins.Of(rows, _texts)] : [];
    }

    private CustomerFacts WithTransactions(CustomerFacts facts, CustomerRows rows, RepeatAges? ages)
    {
        var purchases = CustomerSummary.Of(rows.Days, rows.Micros, _margins.Of(rows, _texts), _endDay, _holdoutDays, ages);
        var occasions = Occasions.None;
        occasions.AddUntil(_endDay - (2 * CustomerSummary.YearDays), rows.Days, rows.Micros);
        var (earlier, earlierNet) = (occasions.Count, occasions.Net);
        occasions.AddUntil(_endDay - CustomerSummary.YearDays, rows.Days, rows.Micros);
        var (before, beforeNet) = (occasions.Count, occasions.Net);
        occasions.AddUntil(_endDay, rows.Days, rows.Micros);
        return facts with
        {
            Purchases = purchases,
            HasTransactions = occasions.Rows > 0,
            Categories = CategoriesOf(rows, occasions.Rows),
            RecentOccasions = occasions.Count - before,
            RecentNet = new Money(occasions.Net - beforeNet),
            EarlierOccasions = before - earlier,
            EarlierNet = new Money(beforeNet - earlierNet),
            FirstYearNet = FirstYear(rows, occasions.Rows, purchases.Whole.FirstDay),
        };
    }

    private CategoryPurchases[] CategoriesOf(CustomerRows rows, int count)
    {
        _categories.Clear();
        for (var i = 0; i < count; i++)
        {
            if (rows.Category(i) is not { IsEmpty: false } name)
            {
                continue;
            }

            var text = _texts.Get(name);
            var (day, micros) = (rows.Days[i], rows.Micros[i]);
            var soFar = _categories.GetValueOrDefault(text) ?? new CategoryPurchases(text, 0, default, day);
            _categories[text] = soFar with
            {
                Purchases = soFar.Purchases + (micros > 0 ? 1 : 0),
                Net = soFar.Net + new Money(micros),
                LastDay = micros > 0 || soFar.Purchases == 0 ? day : soFar.LastDay,
            };
        }

        var categories = _categories.Values.ToArray();
        Array.Sort(categories, static (l, r) => string.CompareOrdinal(l.Name, r.Name));
        return categories;
    }

    private static Money[] FirstYear(CustomerRows rows, int count, int firstDay)
    {
        if (firstDay < 0)
        {
            return [];
        }

        var months = new Money[CustomerFacts.FirstMonths];
        for (var i = 0; i < count; i++)
        {
            var month = (int)Math.Floor((rows.Days[i] - firstDay) / CustomerFacts.MonthDays);
            if (month >= 0 && month < months.Length)
            {
                months[month] += new Money(rows.Micros[i]);
            }
        }

        return months;
    }
}
