using System.Runtime.InteropServices;
using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>A customer as known at the cutoff of a backtest, and what happened afterwards.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeldOutCustomer(
    int Frequency,
    double Recency,
    double Age,
    int SpendCount,
    double MeanSpend,
    double Net,
    double Gross,
    int Occasions,
    double Value,
    int LastYearOccasions,
    double LastYearValue)
{
    /// <summary>Takes down a customer who had a purchase by the cutoff.</summary>
    public static HeldOutCustomer Of(in CustomerSummary summary) => new(
        summary.Before.Frequency,
        summary.Before.RecencyDays / 7.0,
        summary.Before.AgeDays / 7.0,
        summary.Before.SpendCount,
        summary.Before.MeanSpend,
        summary.Before.NetTotal.ToDouble(),
        (summary.Before.NetTotal + summary.Before.ReturnTotal).ToDouble(),
        summary.HoldoutOccasions,
        summary.HoldoutNet.ToDouble(),
        summary.LastYearOccasions,
        summary.LastYearNet.ToDouble());

    /// <summary>What is left of the value of a paid occasion.</summary>
    public double NetRate(NetRates? net) => net?.Of(SpendCount, Frequency, Net, Gross) ?? 1;
}
