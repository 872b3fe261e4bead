using System.Runtime.InteropServices;
using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Core.Valuation;

/// <summary>What values customers: how often they buy, how much, and what of it is margin.</summary>
/// <param name="Transactions">The model of purchase occasions.</param>
/// <param name="Spend">The model of the value of an occasion; null when no customer ever had one with a value.</param>
/// <param name="Net">What is left of the value of a paid occasion; null for all of it.</param>
/// <param name="Margins">Shares of contribution margin; null when they are not known and the future value is revenue.</param>
/// <param name="Intervals">What gives intervals; null for none.</param>
/// <param name="Whole">What gives whole-number forecasts over the horizon that it was learned for; null for none.</param>
public sealed record CustomerModels(
    ITransactionModel Transactions,
    ISpendModel? Spend,
    NetRates? Net = null,
    ShrunkShare? Margins = null,
    ValueIntervals? Intervals = null,
    WholeOccasions? Whole = null)
{
    /// <summary>Values one customer.</summary>
    /// <param name="customer">The customer's purchases.</param>
    /// <param name="terms">The horizon and the discount rate.</param>
    /// <returns>The value, or null for a customer without a purchase occasion, of whom these models say nothing.</returns>
    public CustomerValue? Value(in CustomerSummary customer, ValuationTerms terms)
    {
        var summary = customer.Whole;
        if (!summary.HasPurchase)
        {
            return null;
        }

        var (x, tx, age) = (summary.Frequency, summary.RecencyDays / 7.0, summary.AgeDays / 7.0);
        var spend = Spend?.ExpectedValue(summary.SpendCount, summary.MeanSpend) ?? 0;
        var expected = Transactions.ExpectedTransactions(x, tx, age, terms.HorizonWeeks);
        var discounted = Transactions.DiscountedTransactions(x, tx, age, terms.HorizonWeeks, terms.WeeklyRate);
        var rate = Margins?.Of(customer.MarginTotal.ToDouble(), customer.AmountWithMargin.ToDouble());
        var net = Net?.Of(summary) ?? 1;
        var value = new CustomerValue(Transactions.ProbabilityAlive(x, tx, age), expected, spend, (discounted * spend * net * (rate ?? 1)) + 0.0)
        {
            DiscountedTransactions = discounted,
            NetRate = net,
            MarginRate = rate,
            FirstTransactions = x == 0 ? Transactions.ExpectedTransactions(0, 0, 0, terms.HorizonWeeks) : null,
            WholeTransactions = Whole?.Forecast(Transactions, x, tx, age, terms.HorizonWeeks),
        };
        if (Intervals is null)
        {
            return value;
        }

        var interval = Intervals.Of(x, tx, age, summary.SpendCount, summary.MeanSpend, terms.HorizonWeeks, expected);
        var scale = expected > 0 ? discounted / expected * net * (rate ?? 1) : 0;
        // Adding 0 turns the -0 of a negative share into 0.
        var (low, high) = ((interval.Low * scale) + 0.0, (interval.High * scale) + 0.0);
        return value with { Low = Math.Min(low, high), High = Math.Max(low, high), NoPurchase = interval.NoPurchase };
    }

    /// <summary>Expected occasions of the horizon's second half over those of the first: how fast buying wears off.</summary>
    /// <param name="purchases">The customer's purchases.</param>
    /// <param name="terms">The horizon.</param>
    /// <returns>0 or more; null without a purchase, and where none is expected in the first half.</returns>
    public double? SecondHalfRatio(in PurchaseSummary purchases, ValuationTerms terms)
    {
        if (!purchases.HasPurchase)
        {
            return null;
        }

        var (x, tx, age) = (purchases.Frequency, purchases.RecencyDays / 7.0, purchases.AgeDays / 7.0);
        var firstHalf = Transactions.ExpectedTransactions(x, tx, age, terms.HorizonWeeks / 2);
        return firstHalf > 0 ? Math.Max(0, (Transactions.ExpectedTransactions(x, tx, age, terms.HorizonWeeks) / firstHalf) - 1) : null;
    }
}

/// <summary>What a customer's future is expected to hold.</summary>
/// <param name="ProbabilityAlive">The probability that the customer is still one, at the end of the observation window.</param>
/// <param name="ExpectedTransactions">Expected purchase occasions within the horizon.</param>
/// <param name="ExpectedSpend">Expected value of a paid occasion, in the currency of the amounts, before later returns.</param>
/// <param name="FutureValue">
/// Expected value of all occasions within the horizon, each discounted from its own time to today: contribution margin where margins are
/// known, else revenue.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CustomerValue(double ProbabilityAlive, double ExpectedTransactions, double ExpectedSpend, double FutureValue)
{
    /// <summary>The occasions of <see cref="ExpectedTransactions"/>, each discounted from its own time to today.</summary>
    public double DiscountedTransactions { get; init; }

    /// <summary>
    /// Of somebody who bought once, what <see cref="ExpectedTransactions"/> was on the day of that purchase; null for anybody else.
    /// </summary>
    public double? FirstTransactions { get; init; }

    /// <summary>What is left of <see cref="ExpectedSpend"/> per occasion, since some are free or returned; 0 to 1.</summary>
    public double NetRate { get; init; } = 1;

    /// <summary>The share of the value that is contribution margin; null when margins are not known.</summary>
    public double? MarginRate { get; init; }

    /// <summary>
    /// Occasions within the horizon as a whole number: of all such forecasts that add up to the expected total the one with the least error;
    /// null where there is none.
    /// </summary>
    public int? WholeTransactions { get; init; }

    /// <summary>
    /// Expected occasions of the horizon's second half over those of its first, 0 or more: how fast custom fades. Null where none is expected.
    /// </summary>
    public double? SecondHalfRatio { get; init; }

    /// <summary>Lower end of the interval that holds the future value with a probability of 80 %; null without intervals.</summary>
    public double? Low { get; init; }

    /// <summary>Its upper end.</summary>
    public double? High { get; init; }

    /// <summary>The probability that there is no purchase at all within the horizon; null without intervals.</summary>
    public double? NoPurchase { get; init; }

    /// <summary>The value of all occasions within the horizon before the costs of what is sold, discounted.</summary>
    public double FutureRevenue => DiscountedTransactions * ExpectedSpend * NetRate;

    /// <summary>
    /// The same with so many times the occasions: expectations, value and the ends of the interval. The distribution of their number is not
    /// known then, so <see cref="NoPurchase"/> and <see cref="WholeTransactions"/> remain what purchases alone say.
    /// </summary>
    /// <param name="factor">Above 0.</param>
    public CustomerValue Times(double factor) => this with
    {
        ExpectedTransactions = ExpectedTransactions * factor,
        DiscountedTransactions = DiscountedTransactions * factor,
        FirstTransactions = FirstTransactions * factor,
        FutureValue = FutureValue * factor,
        Low = Low * factor,
        High = High * factor,
    };
}

/// <summary>How far the future counts, and how much less a later euro is worth.</summary>
/// <param name="HorizonWeeks">Weeks of the future that count.</param>
/// <param name="AnnualRate">Discount rate a year, effective: 0.1 makes 1.10 in a year worth 1.00 today.</param>
public readonly record struct ValuationTerms(double HorizonWeeks, double AnnualRate)
{
    /// <summary>Weeks in a mean Gregorian year.</summary>
    public const double WeeksPerYear = 365.2425 / 7;

    /// <summary>The same rate, continuously compounded a week.</summary>
    public double WeeklyRate => Math.Log(1 + AnnualRate) / WeeksPerYear;
}
