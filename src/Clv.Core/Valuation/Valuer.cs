using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Models;

namespace Clv.Core.Valuation;

/// <summary>
/// Values customers: what they brought and cost so far, what their purchases and contracts are expected to bring, and what serving them will
/// cost. Every figure is defined in docs/value.md and taken apart by <see cref="Explanation"/>.
/// </summary>
/// <remarks>Immutable, safe to share between threads. No amount is beyond 10^18 on either side; what would be counts as that.</remarks>
public sealed class Valuer
{
    /// <summary>The longest horizon, a century.</summary>
    public const double MostWeeks = 5_218;

    private const double DaysPerYear = ValuationTerms.WeeksPerYear * 7;

    private readonly SegmentedModels _full;
    private readonly SegmentedModels _bare;
    private readonly bool _hasIntervals;

    /// <summary>A valuer of one night.</summary>
    /// <param name="models">What was estimated.</param>
    /// <param name="profile">What the firm knows of its business.</param>
    /// <param name="terms">Horizon and discount rate.</param>
    /// <param name="endDay">The last day that anything is known of, as in <see cref="DateOnly.DayNumber"/>: today.</param>
    /// <param name="intervals">Whether values have intervals, which take far longer than the values; they need models that give some.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The horizon is not between 0 and <see cref="MostWeeks"/>, or the discount rate is negative or not finite.
    /// </exception>
    public Valuer(ValuationModels models, IndustryProfile profile, ValuationTerms terms, int endDay, bool intervals)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(profile);
        if (!(terms.HorizonWeeks is >= 0 and <= MostWeeks))
        {
            throw new ArgumentOutOfRangeException(nameof(terms), terms, $"The horizon must be between 0 and {MostWeeks} weeks.");
        }

        if (!(terms.AnnualRate >= 0 && double.IsFinite(terms.AnnualRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(terms), terms, "The discount rate must be a finite number, zero or more.");
        }

        (Models, Profile, Terms, EndDay, _hasIntervals) = (models, profile, terms, endDay, intervals);
        _bare = Without(models.Purchases, static of => of with { Intervals = null, Whole = null });
        _full = intervals ? models.Purchases : Without(models.Purchases, static of => of with { Intervals = null });
        var margins = profile.Margins.Contracts is not null
            || models.Purchases.Common.Margins is not null || models.Purchases.Segments.Values.Any(static of => of.Margins is not null);
        Basis = margins ? ValueBasis.Contribution : ValueBasis.Revenue;
        DiscountedYears = SteadyBuying.DiscountedWeeks(terms.HorizonWeeks, terms.WeeklyRate) * 7 / DaysPerYear;
    }

    /// <summary>What was estimated.</summary>
    public ValuationModels Models { get; }

    /// <summary>What the firm knows of its business.</summary>
    public IndustryProfile Profile { get; }

    /// <summary>Horizon and discount rate.</summary>
    public ValuationTerms Terms { get; }

    /// <summary>The last day that anything is known of, as in <see cref="DateOnly.DayNumber"/>.</summary>
    public int EndDay { get; }

    /// <summary>
    /// What the values of all customers are made of: contribution where any margin is known, of purchases or of fees. What has no known
    /// margin then counts in full.
    /// </summary>
    public ValueBasis Basis { get; }

    /// <summary>The share of contract fees that is contribution; 1 where it is not known.</summary>
    internal double ContractMargin => Profile.Margins.Contracts ?? 1;

    /// <summary>The years of the horizon, each discounted from its own time to today.</summary>
    internal double DiscountedYears { get; }

    /// <summary>Values a customer: anybody with transactions or contracts. Whoever has neither is worth no more than what they cost.</summary>
    /// <param name="facts">What is known of the customer.</param>
    public CustomerWorth Value(CustomerFacts facts) => Calculate(facts).Worth;

    /// <summary>The future value alone, the same as that of <see cref="Value"/> to the cent, without what takes long.</summary>
    /// <param name="facts">What is known of the customer.</param>
    public decimal Future(CustomerFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return FutureParts.Of(facts, _bare.Of(facts.Profile?.Segment), this).Total;
    }

    /// <summary>
    /// Years since the person became a customer (<see cref="CustomerFacts.Start"/>); 0 for somebody who has not by then.
    /// </summary>
    /// <param name="facts">What is known of the customer.</param>
    /// <param name="endDay">The day.</param>
    public static double YearsSoFar(CustomerFacts facts, int endDay) => DaysSoFar(facts, endDay) / DaysPerYear;

    /// <summary>The same in days.</summary>
    internal static int DaysSoFar(CustomerFacts facts, int endDay)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return Math.Max(0, endDay - facts.Start ?? 0);
    }

    /// <summary>The models of a customer's purchases.</summary>
    internal CustomerModels PurchaseModels(CustomerFacts facts) => _full.Of(facts.Profile?.Segment);

    /// <summary>The cost of capital of a customer's paying late; 0 where the delay or the cost of capital is not known.</summary>
    internal decimal LatePayment(double revenue, CustomerFacts facts) =>
        Profile.Costs.Capital is { } capital && facts.Profile?.PaymentDelayDays is { } delay
            ? Cents.Of(Math.Max(0, revenue) * delay / DaysPerYear * capital)
            : 0;

    /// <summary>A customer's value and what it is made of.</summary>
    internal (CustomerWorth Worth, HistoricParts Historic, FutureParts Future) Calculate(CustomerFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var models = PurchaseModels(facts);
        var historic = HistoricParts.Of(facts, models.Margins, this);
        var future = FutureParts.Of(facts, models, this);
        var worth = new CustomerWorth
        {
            Basis = Basis,
            Revenue = historic.Revenue,
            ContractRevenue = historic.ContractRevenue,
            Contribution = historic.PurchaseContribution + historic.FeeContribution,
            Costs = historic.Costs,
            FuturePurchases = future.OfPurchases,
            FutureContracts = future.OfContracts,
            FutureFees = Cents.Of(future.Fees),
            FutureServing = future.Serving,
            FutureLatePayment = future.LatePayment,
            Purchases = future.Purchases is { } purchases
                ? purchases with { SecondHalfRatio = models.SecondHalfRatio(facts.Purchases.Whole, Terms) }
                : null,
            BehaviourFactor = future.Factor,
            ServingPerYear = future.ServingPerYear,
            ProbabilityAlive = future.Alive,
            Contracts = [.. future.Contracts.Select(static contract => contract.Worth)],
        };
        worth = worth with { Plain = Plain(worth, historic, facts) };
        if (_hasIntervals && future.Ranges() is { Sum: var (low, high) })
        {
            var costs = future.Serving + future.LatePayment;
            worth = worth with { FutureLow = low - costs, FutureHigh = high - costs };
        }

        return (worth, historic, future);
    }

    private PlainValue? Plain(CustomerWorth worth, HistoricParts historic, CustomerFacts facts)
    {
        if (!facts.Purchases.Whole.HasPurchase && !facts.Contracts.Any(contract => contract.StartedOn <= EndDay))
        {
            return null;
        }

        var soFar = YearsSoFar(facts, EndDay);
        var revenue = (double)(worth.Revenue + worth.ContractRevenue);
        var years = soFar + ((worth.ProbabilityAlive ?? 0) * Terms.HorizonWeeks * 7 / DaysPerYear);
        var perYear = revenue / Math.Max(1, soFar);
        var margin = revenue > 0 ? (double)worth.Contribution / revenue : historic.MarginRate ?? 1;
        return new PlainValue(years, perYear, margin, worth.Costs.Total, Cents.Of(years * perYear * margin) - worth.Costs.Total);
    }

    private static SegmentedModels Without(SegmentedModels models, Func<CustomerModels, CustomerModels> part) =>
        new(part(models.Common), models.Segments.ToDictionary(static of => of.Key, of => part(of.Value)));
}
