namespace Clv.Core.Estimation;

/// <summary>What anyone could forecast without a model: whoever builds one must do better than these.</summary>
internal static class Baselines
{
    /// <summary>Everybody does again what they did in the last year, in proportion to the weeks.</summary>
    public const string LastYearName = "last-year-again";

    /// <summary>Everybody goes on as on their own average, as far as customers are retained from year to year.</summary>
    public const string AverageName = "average-times-retention";

    private const double YearWeeks = 52;

    /// <summary>Both forecasts.</summary>
    public static IEnumerable<Forecast> All(IReadOnlyList<HeldOutCustomer> customers, double weeks)
    {
        var part = weeks / YearWeeks;
        yield return new Forecast(
            LastYearName,
            [.. customers.Select(c => c.LastYearOccasions * part)],
            [.. customers.Select(c => Math.Max(0, c.LastYearValue) * part)]);

        long old = 0, returned = 0;
        foreach (var customer in customers)
        {
            // Of whom a whole year before the last one, or some of it, is known.
            if (customer.Age > YearWeeks)
            {
                old++;
                returned += customer.LastYearOccasions > 0 ? 1 : 0;
            }
        }

        var retention = old == 0 ? 1 : (double)returned / old;
        double[] occasions = [.. customers.Select(c => retention * (c.Frequency + 1) * weeks / Math.Max(c.Age, weeks))];
        yield return new Forecast(AverageName, occasions, [.. customers.Select((c, i) => occasions[i] * Math.Max(0, c.Net / (c.Frequency + 1)))]);
    }
}
