using Clv.Core.Models;

namespace Clv.Core.Estimation;

/// <summary>
/// The last checks before anyone uses a fitted model of occasions: it must give back the total of the data it was fitted to, and must not
/// take everyone for equally alive.
/// </summary>
public static class AcceptanceGate
{
    /// <summary>The share by which the expected and the observed repeat occasions may differ, whatever chance may do.</summary>
    public const double Tolerance = 0.10;

    /// <summary>Standard errors of the observed total by which they may differ: one till account moves the total of a small base.</summary>
    private const double StandardErrors = 3;

    /// <summary>The least difference in P(alive) between customers who came back.</summary>
    private const double LeastDifference = 1e-9;

    /// <summary>Judges an accepted fit; a refused one stays as it is.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="data">What it was fitted to.</param>
    /// <param name="kind">Its kind.</param>
    public static ModelFit<ITransactionModel> Judge(ModelFit<ITransactionModel> fit, GroupedHistories data, TransactionModelKind kind)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(kind);
        if (fit.Model is not { } model)
        {
            return fit;
        }

        var (expected, error) = Expected(model, data);
        fit = fit with { ObservedOccasions = data.RepeatOccasions, ExpectedOccasions = double.IsFinite(expected) ? expected : null };
        if (!(Math.Abs(expected - data.RepeatOccasions) <= Math.Max(Tolerance * data.RepeatOccasions, StandardErrors * error)))
        {
            return Refuse(fit, $"The model expects {expected:N0} repeat occasions of these customers, who made {data.RepeatOccasions:N0}.");
        }

        return kind.HasDropout && data.Repeaters > 0 && AllEquallyAlive(model, data)
            ? Refuse(fit, "The model takes all customers for equally alive.")
            : fit;
    }

    private static ModelFit<ITransactionModel> Refuse(ModelFit<ITransactionModel> fit, string reason) =>
        fit with { Model = null, Verdict = FitVerdict.Misfit, Reason = reason };

    /// <summary>What the model expects of customers of these ages, and the standard error of their total, from their own distances from it.</summary>
    private static (double Total, double Error) Expected(ITransactionModel model, GroupedHistories data)
    {
        var byAge = new Dictionary<double, double>();
        double total = 0, squares = 0;
        for (var i = 0; i < data.GroupCount; i++)
        {
            var group = data[i];
            if (!byAge.TryGetValue(group.Age, out var expected))
            {
                byAge[group.Age] = expected = model.ExpectedTransactions(group.Age);
            }

            var distance = group.Frequency - expected;
            total += group.Count * expected;
            squares += group.Count * distance * distance;
        }

        return (total, Math.Sqrt(squares));
    }

    private static bool AllEquallyAlive(ITransactionModel model, GroupedHistories data)
    {
        double lowest = 1, highest = 0;
        for (var i = 0; i < data.GroupCount; i++)
        {
            var group = data[i];
            var alive = model.ProbabilityAlive(group.Frequency, group.Recency, group.Age);
            (lowest, highest) = (Math.Min(lowest, alive), Math.Max(highest, alive));
            if (highest - lowest > LeastDifference)
            {
                return false;
            }
        }

        return data.GroupCount > 1;
    }
}
