using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>A forecast of the held-out weeks for every customer of a backtest: one model's, or a baseline's.</summary>
/// <param name="Name">The model's id or the baseline's name.</param>
/// <param name="Occasions">Expected occasions, by the customers' places.</param>
/// <param name="Value">Expected value of them, likewise.</param>
internal sealed record Forecast(string Name, double[] Occasions, double[] Value)
{
    private const int CustomersAtOnce = 4096;

    /// <summary>Each customer's expected value per occasion, free ones and returns considered; 0 without a model.</summary>
    public static double[] Spend(ISpendModel? spend, NetRates? net, IReadOnlyList<HeldOutCustomer> customers)
    {
        var values = new double[customers.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var customer = customers[i];
            values[i] = (spend?.ExpectedValue(customer.SpendCount, customer.MeanSpend) ?? 0) * customer.NetRate(net);
        }

        return values;
    }

    /// <summary>A model's forecast for the customers at some places; 0 for the others.</summary>
    public static Forecast Of(
        string name, ITransactionModel model, double[] spend, IReadOnlyList<HeldOutCustomer> customers, int[] places, double weeks, int threads)
    {
        var occasions = new double[customers.Count];
        var value = new double[occasions.Length];
        Parallel.For(
            0,
            (places.Length + CustomersAtOnce - 1) / CustomersAtOnce,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            part =>
            {
                foreach (var i in places.AsSpan(part * CustomersAtOnce, Math.Min(CustomersAtOnce, places.Length - (part * CustomersAtOnce))))
                {
                    var customer = customers[i];
                    occasions[i] = model.ExpectedTransactions(customer.Frequency, customer.Recency, customer.Age, weeks);
                    value[i] = occasions[i] * spend[i];
                }
            });
        return new Forecast(name, occasions, value);
    }
}
