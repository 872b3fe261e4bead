using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Core.Valuation;

/// <summary>Collects customers and estimates the models on them. The result does not depend on the order of the customers.</summary>
public sealed class ModelEstimation
{
    private readonly HistoryGrouper _histories = new();
    private readonly SpendGrouper _spend = new();

    /// <summary>Customers with a purchase occasion so far.</summary>
    public long Customers => _histories.Customers;

    /// <summary>Adds a customer; one without a purchase occasion says nothing and is passed over.</summary>
    public void Add(in PurchaseSummary summary)
    {
        if (!summary.HasPurchase)
        {
            return;
        }

        _histories.Add(summary.Frequency, summary.RecencyDays, summary.AgeDays);
        if (summary.SpendCount > 0)
        {
            _spend.Add(summary.SpendCount, summary.MeanSpend);
        }
    }

    /// <summary>Fits the models by maximum likelihood.</summary>
    /// <param name="threads">How many threads may work; the result is the same to the bit for any number.</param>
    public (ModelFit<BgNbd> Transactions, ModelFit<GammaGamma> Spend) Fit(int threads)
    {
        var options = new FitOptions { MaxDegreeOfParallelism = threads };
        return (BgNbdFit.Run(_histories.Build(), options: options), GammaGammaFit.Run(_spend.Build(), options: options));
    }
}
