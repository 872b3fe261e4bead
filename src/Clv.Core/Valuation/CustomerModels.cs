using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Core.Valuation;

/// <summary>What values customers: how often they buy, and how much.</summary>
/// <param name="Transactions">The model of purchase occasions.</param>
/// <param name="Spend">The model of the value of an occasion.</param>
public sealed record CustomerModels(ITransactionModel Transactions, GammaGamma Spend)
{
    /// <summary>Values one customer.</summary>
    /// <param name="summary">The customer's purchases.</param>
    /// <param name="terms">The horizon and the discount rate.</param>
    /// <returns>The value, or null for a customer without a purchase occasion, of whom these models say nothing.</returns>
    public CustomerValue? Value(in PurchaseSummary summary, ValuationTerms terms)
    {
        if (!summary.HasPurchase)
        {
            return null;
        }

        var (x, tx, age) = (summary.Frequency, summary.RecencyDays / 7.0, summary.AgeDays / 7.0);
        var spend = Spend.ExpectedValue(summary.SpendCount, summary.MeanSpend);
        var discounted = Transactions.DiscountedTransactions(x, tx, age, terms.HorizonWeeks, terms.WeeklyRate);
        return new CustomerValue(
            Transactions.ProbabilityAlive(x, tx, age),
            Transactions.ExpectedTransactions(x, tx, age, terms.HorizonWeeks),
            spend,
            discounted * spend);
    }
}

/// <summary>What a customer's future is expected to hold.</summary>
/// <param name="ProbabilityAlive">The probability that the customer is still one, at the end of the observation window.</param>
/// <param name="ExpectedTransactions">Expected purchase occasions within the horizon.</param>
/// <param name="ExpectedSpend">Expected value of an occasion, in the currency of the amounts.</param>
/// <param name="FutureValue">Expected value of all occasions within the horizon, each discounted from its own time to today.</param>
public readonly record struct CustomerValue(double ProbabilityAlive, double ExpectedTransactions, double ExpectedSpend, double FutureValue);

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
