using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>
/// What turns the value of a paid occasion, which the spend model knows, into that of any occasion: some are free, and some purchases
/// are returned on a later day.
/// </summary>
/// <param name="Paid">Repeat occasions with a value, of all; null where all have one.</param>
/// <param name="Kept">What is left of everything bought, in money; null where nothing was returned on another day.</param>
public sealed record NetRates(ShrunkShare? Paid, ShrunkShare? Kept)
{
    /// <summary>The factor of a customer, from 0 to 1.</summary>
    public double Of(in PurchaseSummary summary) =>
        Of(summary.SpendCount, summary.Frequency, summary.NetTotal.ToDouble(), (summary.NetTotal + summary.ReturnTotal).ToDouble());

    internal double Of(int paid, int occasions, double net, double gross) =>
        Math.Clamp(Paid?.Of(paid, occasions) ?? 1, 0, 1) * Math.Clamp(Kept?.Of(net, gross) ?? 1, 0, 1);
}
