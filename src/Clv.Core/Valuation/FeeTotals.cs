namespace Clv.Core.Valuation;

/// <summary>The distribution of the discounted fees of a customer's contracts, which are renewed or lost independently of each other.</summary>
internal static class FeeTotals
{
    /// <summary>More totals than these are put together with their neighbours.</summary>
    private const int MostTotals = 512;

    /// <summary>The interval of the total by the rule of <see cref="ValueIntervals.Of"/>: exact for up to 512 different totals.</summary>
    public static (double Low, double High) Interval(IEnumerable<ContractFuture> contracts)
    {
        List<(double Total, double Probability)> totals = [(0, 1)];
        foreach (var contract in contracts)
        {
            totals = Merged([.. from one in totals from other in Of(contract) select (one.Total + other.Total, one.Probability * other.Probability)]);
        }

        var tail = (1 - ValueIntervals.Coverage) / 2;
        return totals[0].Probability >= tail
            ? (totals[0].Total, Quantile(totals, ValueIntervals.Coverage))
            : (Quantile(totals, tail), Quantile(totals, 1 - tail));
    }

    /// <summary>The fees of one contract: those of its first k renewals, k = 0, 1, 2 ...</summary>
    private static IEnumerable<(double Total, double Probability)> Of(ContractFuture contract)
    {
        var (total, survival) = (0.0, 1.0);
        foreach (var renewal in contract.Renewals)
        {
            yield return (total, survival - renewal.Survival);
            total += contract.Fee * renewal.Discount;
            survival = renewal.Survival;
        }

        yield return (total, survival);
    }

    private static List<(double Total, double Probability)> Merged(List<(double Total, double Probability)> totals)
    {
        totals.Sort();
        if (totals.Count <= MostTotals)
        {
            return totals;
        }

        var merged = new List<(double Total, double Probability)>();
        var (sum, weight) = (0.0, 0.0);
        foreach (var (total, probability) in totals)
        {
            sum += total * probability;
            weight += probability;
            if (weight >= 1.0 / MostTotals)
            {
                merged.Add((sum / weight, weight));
                (sum, weight) = (0, 0);
            }
        }

        if (weight > 0)
        {
            merged.Add((sum / weight, weight));
        }

        return merged;
    }

    private static double Quantile(List<(double Total, double Probability)> totals, double at)
    {
        var sum = 0.0;
        foreach (var (total, probability) in totals)
        {
            // A sum of probabilities that is short of the level by rounding has reached it.
            sum += probability;
            if (sum >= at - 1e-12)
            {
                return total;
            }
        }

        return totals[^1].Total;
    }
}
