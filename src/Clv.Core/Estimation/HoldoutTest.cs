using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>Tests models that were fitted to a window on what happened after it.</summary>
public static class HoldoutTest
{
    /// <summary>Measures the forecast of a model of occasions and a model of spend, and those of the two baselines.</summary>
    /// <param name="kind">The kind of the model of occasions.</param>
    /// <param name="model">The model of occasions.</param>
    /// <param name="spend">The model of spend; null when there is none.</param>
    /// <param name="summaries">
    /// The customers with the window's end as the cutoff and the days after it as the held-out tail. Those without a purchase by the cutoff are
    /// passed over.
    /// </param>
    /// <param name="weeks">Length of the tail in weeks, above 0.</param>
    /// <param name="threads">Threads that may work; the result is the same for any number.</param>
    /// <param name="net">What is left of a paid occasion's value; null for all of it.</param>
    /// <returns>A score per forecast, the model's first.</returns>
    public static IReadOnlyList<ForecastScore> Run(
        TransactionModelKind kind, ITransactionModel model, ISpendModel? spend, IEnumerable<CustomerSummary> summaries, double weeks, int threads, NetRates? net = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(summaries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weeks);
        HeldOutCustomer[] customers = [.. summaries.Where(static s => s.Before.HasPurchase).Select(static s => HeldOutCustomer.Of(s))];
        int[] everyone = [.. Enumerable.Range(0, customers.Length)];
        var own = Forecast.Of(kind.Id, model, Forecast.Spend(spend, net, customers), customers, everyone, weeks, threads);
        return [.. Baselines.All(customers, weeks).Prepend(own).Select(f => ForecastMeter.Measure(f, customers, everyone, segment: null))];
    }
}
