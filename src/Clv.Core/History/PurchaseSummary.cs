using System.Runtime.InteropServices;

namespace Clv.Core.History;

/// <summary>
/// What the models need to know of one customer, in days. A purchase occasion is a calendar day with at least one purchase row that the
/// same day's returns do not undo: its net is positive, or it has no return rows. So a free order counts, and an order bought and returned
/// on one day does not. Later returns lower the money but undo no occasion.
/// </summary>
/// <param name="FirstDay">Day number of the first occasion, or -1 when there is none; then the other counts are 0.</param>
/// <param name="Frequency">Repeat occasions (x): all but the first.</param>
/// <param name="RecencyDays">Days from the first occasion to the last (t_x).</param>
/// <param name="AgeDays">Days from the first occasion to the end of the observation window (T).</param>
/// <param name="SpendCount">Repeat occasions with a positive net value: what the spend model sees.</param>
/// <param name="SpendTotal">The net value of those.</param>
/// <param name="NetTotal">Everything bought less everything returned, on any day.</param>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
public readonly record struct PurchaseSummary(
    int FirstDay, int Frequency, int RecencyDays, int AgeDays, int SpendCount, Money SpendTotal, Money NetTotal)
{
    /// <summary>A customer without a single row.</summary>
    public static PurchaseSummary None { get; } = new(-1, 0, 0, 0, 0, default, default);

    /// <summary>What was returned on days that are no occasion, as an amount of 0 or more; <see cref="NetTotal"/> is less it.</summary>
    public Money ReturnTotal { get; init; }

    /// <summary>Whether there is at least one purchase occasion; without one no model applies.</summary>
    public bool HasPurchase => FirstDay >= 0;

    /// <summary>The mean net value of a repeat occasion, or 0 without one.</summary>
    public double MeanSpend => SpendCount == 0 ? 0 : SpendTotal.ToDouble() / SpendCount;

    /// <summary>Summarises a customer's rows.</summary>
    /// <param name="days">The rows' days, ascending. Rows after <paramref name="endDay"/> are not looked at.</param>
    /// <param name="micros">The rows' amounts in millionths, beside <paramref name="days"/>; negative is a return.</param>
    /// <param name="endDay">The last day of the observation window.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static PurchaseSummary Of(ReadOnlySpan<int> days, ReadOnlySpan<long> micros, int endDay)
    {
        if (days.Length != micros.Length)
        {
            throw new ArgumentException("There must be one amount per day.", nameof(micros));
        }

        var occasions = Occasions.None;
        occasions.AddUntil(endDay, days, micros);
        return occasions.Summary(endDay);
    }
}
