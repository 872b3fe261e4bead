using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>
/// What becomes of one customer's future when the retention a year changes: factors on the grid, 1 at no change. The formulas and what they
/// assume are in docs/portfolio.md.
/// </summary>
internal static class RetentionCurve
{
    private const int SolverSteps = 60;

    /// <summary>Factors of purchases; null for a customer of whom no purchase is expected.</summary>
    /// <param name="purchases">What the models of purchases say.</param>
    /// <param name="terms">The horizon and the discount rate.</param>
    public static double[]? OfPurchases(CustomerValue? purchases, ValuationTerms terms)
    {
        if (purchases?.SecondHalfRatio is not { } ratio)
        {
            return null;
        }

        var hazard = Math.Max(0, -2 / terms.HorizonWeeks * Math.Log(Math.Max(ratio, 1e-12)));
        var weeks = Weeks(hazard + terms.WeeklyRate, terms.HorizonWeeks);
        var factors = new double[RetentionGrid.Size];
        for (var i = 0; i < factors.Length; i++)
        {
            // Nobody stays with a probability above 1.
            var changed = Math.Max(0, hazard - RetentionGrid.WeeklyLog[i]);
            factors[i] = Weeks(changed + terms.WeeklyRate, terms.HorizonWeeks) / weeks;
        }

        return factors;
    }

    /// <summary>Factors of renewals; null for a customer without a running contract whose renewals have a value.</summary>
    /// <param name="facts">The customer's contracts.</param>
    /// <param name="worth">What they are worth.</param>
    /// <param name="today">The last day of the observation window.</param>
    /// <param name="terms">The horizon and the discount rate.</param>
    public static double[]? OfContracts(CustomerFacts facts, CustomerWorth worth, int today, ValuationTerms terms)
    {
        if (worth.Contracts.Count == 0)
        {
            return null;
        }

        double total = 0;
        double[]? sum = null;
        var running = facts.Contracts.Where(contract => contract.IsRunning(today)).ToArray();
        for (var n = 0; n < worth.Contracts.Count && running.Length == worth.Contracts.Count; n++)
        {
            if (worth.Contracts[n] is { Future: { } future and not 0 } contract)
            {
                sum ??= new double[RetentionGrid.Size];
                total += (double)future;
                AddContract(sum, contract, running[n].TermMonths, today, terms);
            }
        }

        return sum is null || total == 0 ? null : [.. sum.Select(value => value / total)];
    }

    /// <summary>Factors of what is spent on the customer: those of what comes in, weighted by it.</summary>
    public static double[]? OfCosts(double[]? purchases, double[]? contracts, CustomerWorth worth)
    {
        var (p, c) = ((double)Math.Abs(worth.FuturePurchases), (double)Math.Abs(worth.FutureContracts));
        if (purchases is null || contracts is null || p + c == 0)
        {
            return contracts is null || c == 0 ? purchases : contracts;
        }

        return [.. purchases.Zip(contracts, (purchase, contract) => ((p * purchase) + (c * contract)) / (p + c))];
    }

    /// <summary>The expected weeks within a horizon of somebody who leaves, or is discounted, at a rate.</summary>
    private static double Weeks(double rate, double horizon)
    {
        var exponent = rate * horizon;
        return exponent < 1e-6 ? horizon * (1 - (exponent / 2)) : (1 - Math.Exp(-exponent)) / rate;
    }

    private static void AddContract(double[] sum, ContractWorth contract, int? termMonths, int today, ValuationTerms terms)
    {
        var future = (double)contract.Future!.Value;
        var first = contract.NextRenewal is { } day ? (day.DayNumber - today) / 7.0 : double.PositiveInfinity;
        var period = termMonths is { } months ? months * CustomerFacts.MonthDays / 7 : double.PositiveInfinity;
        var value = (double)(contract.RenewalValue ?? 0);
        if (value == 0 || first > terms.HorizonWeeks)
        {
            // Nothing tells on what it depends; it stays.
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += future;
            }

            return;
        }

        var renewals = double.IsInfinity(period) ? 1 : 1 + (int)((terms.HorizonWeeks - first) / period);
        var discount = double.IsInfinity(period) ? 1 : Math.Exp(-terms.WeeklyRate * period);
        var probability = Solve(future / value / Math.Exp(-terms.WeeklyRate * first), discount, renewals);
        var before = Renewals(probability, discount, renewals);
        for (var i = 0; i < sum.Length; i++)
        {
            // A change a year, over the term that the probability is of; over what is left of the first where no term is known.
            var weeks = double.IsInfinity(period) ? first : period;
            var changed = Math.Min(1, probability * Math.Exp(RetentionGrid.WeeklyLog[i] * weeks));
            sum[i] += i == RetentionGrid.None || before == 0 ? future : future * Renewals(changed, discount, renewals) / before;
        }
    }

    /// <summary>The discounted renewals at a constant probability, counted from the first.</summary>
    private static double Renewals(double probability, double discount, int renewals)
    {
        var step = probability * discount;
        return Math.Abs(1 - step) < 1e-9 ? probability * renewals : probability * (1 - Math.Pow(step, renewals)) / (1 - step);
    }

    /// <summary>The constant probability that gives as many discounted renewals; 1 where none gives so many.</summary>
    private static double Solve(double expected, double discount, int renewals)
    {
        double low = 0, high = 1;
        if (expected >= Renewals(1, discount, renewals))
        {
            return 1;
        }

        for (var i = 0; i < SolverSteps && high - low > 1e-9; i++)
        {
            var middle = (low + high) / 2;
            if (Renewals(middle, discount, renewals) < expected)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;
    }
}
