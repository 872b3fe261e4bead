using System.Runtime.InteropServices;
using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>
/// What a night knows of one customer: the whole observation window, and beside it the window as it was some weeks earlier with what
/// happened since, so that a model can be tested on a future that is known. The cutoff is the last day before the held-out tail.
/// </summary>
/// <remarks>Packed, because there is one per customer: 128-bit sums would align every part to 16 bytes.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
public readonly record struct CustomerSummary
{
    /// <summary>Days of the year before the cutoff: whole weeks, so that every weekday counts equally often.</summary>
    public const int YearDays = 364;

    /// <summary>The customer at the end of the observation window.</summary>
    public PurchaseSummary Whole { get; init; }

    /// <summary>
    /// The customer at the cutoff; without a purchase when there was no occasion by then, and always when nothing is held out.
    /// </summary>
    public PurchaseSummary Before { get; init; }

    /// <summary>
    /// Purchase occasions in the held-out tail: what a prediction from <see cref="Before"/> is compared with. All of them, also the first
    /// occasion of a customer who has none before the tail.
    /// </summary>
    public int HoldoutOccasions { get; init; }

    /// <summary>Everything bought less everything returned in the held-out tail.</summary>
    public Money HoldoutNet { get; init; }

    /// <summary>Purchase occasions in the <see cref="YearDays"/> days up to and with the cutoff.</summary>
    public int LastYearOccasions { get; init; }

    /// <summary>Everything bought less everything returned in the <see cref="YearDays"/> days up to and with the cutoff.</summary>
    public Money LastYearNet { get; init; }

    /// <summary>
    /// Of <see cref="Whole"/>, the sum over neighbouring occasions of ln(weeks between them): how regular purchases are. 0 without repeats.
    /// </summary>
    public double SumLogGaps { get; init; }

    /// <summary>The same of <see cref="Before"/>.</summary>
    public double SumLogGapsBefore { get; init; }

    /// <summary>The contribution margins of the rows whose margin is known, added up over the whole window.</summary>
    public Money MarginTotal { get; init; }

    /// <summary>The amounts of the same rows: <see cref="MarginTotal"/> is what is left of this.</summary>
    public Money AmountWithMargin { get; init; }

    /// <summary>Summarises a customer's rows.</summary>
    /// <param name="days">The rows' days, ascending. Rows after <paramref name="endDay"/> are not looked at.</param>
    /// <param name="micros">The rows' amounts in millionths, beside <paramref name="days"/>; negative is a return.</param>
    /// <param name="margins">
    /// The rows' margins in millionths, <see cref="TransactionReader.NoMargin"/> where one is not known; nothing where none is.
    /// </param>
    /// <param name="endDay">The last day of the observation window.</param>
    /// <param name="holdoutDays">Days of the held-out tail, the last of which is <paramref name="endDay"/>; 0 holds nothing out.</param>
    /// <param name="ages">Counts the customer's repeat occasions by age; null for nobody to count.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tail has a negative length.</exception>
    public static CustomerSummary Of(
        ReadOnlySpan<int> days, ReadOnlySpan<long> micros, ReadOnlySpan<long> margins, int endDay, int holdoutDays, RepeatAges? ages = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(holdoutDays);
        if (days.Length != micros.Length)
        {
            throw new ArgumentException("There must be one amount per day.", nameof(micros));
        }

        if (!margins.IsEmpty && margins.Length != days.Length)
        {
            throw new ArgumentException("There must be one margin per day, or none.", nameof(margins));
        }

        var cutoff = endDay - holdoutDays;
        var occasions = Occasions.None;
        occasions.AddUntil(cutoff - YearDays, days, micros, ages);
        var (earlier, earlierNet) = (occasions.Count, occasions.Net);
        occasions.AddUntil(cutoff, days, micros, ages);
        var (before, beforeNet) = (occasions.Count, occasions.Net);
        var beforeGaps = occasions.SumLogGaps;
        var beforeSummary = holdoutDays == 0 ? PurchaseSummary.None : occasions.Summary(cutoff);
        occasions.AddUntil(endDay, days, micros, ages, afterCutoff: true);
        var (marginTotal, amountWithMargin) = KnownMargins(micros, margins, occasions.Rows);
        return new CustomerSummary
        {
            Whole = occasions.Summary(endDay),
            Before = beforeSummary,
            HoldoutOccasions = occasions.Count - before,
            HoldoutNet = new Money(occasions.Net - beforeNet),
            LastYearOccasions = before - earlier,
            LastYearNet = new Money(beforeNet - earlierNet),
            SumLogGaps = occasions.SumLogGaps,
            SumLogGapsBefore = holdoutDays == 0 ? 0 : beforeGaps,
            MarginTotal = marginTotal,
            AmountWithMargin = amountWithMargin,
        };
    }

    private static (Money Margin, Money Amount) KnownMargins(ReadOnlySpan<long> micros, ReadOnlySpan<long> margins, int rows)
    {
        Int128 margin = 0, amount = 0;
        for (var i = 0; i < Math.Min(rows, margins.Length); i++)
        {
            if (margins[i] != TransactionReader.NoMargin)
            {
                margin += margins[i];
                amount += micros[i];
            }
        }

        return (new Money(margin), new Money(amount));
    }
}
