namespace Clv.Core.History;

/// <summary>A contract that is renewed term by term until it is cancelled.</summary>
/// <remarks>
/// Renewals fall due every <see cref="TermMonths"/> months after <see cref="StartedOn"/>, by the calendar: the same day of the month, or the month's
/// last where it has no such day. A cancellation takes effect at the renewal on or after its day; one before the start, at once.
/// </remarks>
public sealed record Contract
{
    /// <summary>What makes it unique for its customer. Personal: stays in blobs.</summary>
    public required string Id { get; init; }

    /// <summary>First day, as in <see cref="DateOnly.DayNumber"/>.</summary>
    public required int StartedOn { get; init; }

    /// <summary>Months of a term, 1 to 120; null when the extract does not say, and then no renewal is known.</summary>
    public int? TermMonths { get; init; }

    /// <summary>The next renewal as the CRM states it, over what follows from the term; null for what follows.</summary>
    public int? RenewsOn { get; init; }

    /// <summary>What a term brings, in the reporting currency; null when the extract does not say.</summary>
    public Money? FeePerTerm { get; init; }

    /// <summary>The day on which it was cancelled; null while it was not.</summary>
    public int? CancelledOn { get; init; }

    /// <summary>What it is for; null when the extract does not say.</summary>
    public string? Product { get; init; }

    /// <summary>
    /// The day on which it ends because it was cancelled: the stated renewal that the cancellation prevents, without one the first by its term,
    /// without a term the cancellation's own day; null while it was not cancelled.
    /// </summary>
    public int? EndsOn => CancelledOn is not { } cancelled ? null
        : cancelled < StartedOn ? cancelled
        : RenewsOn >= cancelled ? RenewsOn
        : TermMonths is null ? cancelled
        : RenewalDay(Renewals(cancelled) + 1);

    /// <summary>How many renewals it has made by the end of a day; 0 without a term.</summary>
    /// <param name="day">The day, on or after <see cref="StartedOn"/>.</param>
    public int Renewals(int day)
    {
        if (TermMonths is not { } months)
        {
            return 0;
        }

        // A renewal on the day of the cancellation is the one that did not happen.
        var last = CancelledOn is { } cancelled ? Math.Min(day, cancelled - 1) : day;
        var renewals = Math.Max(0, MonthsBetween(StartedOn, last) / months);
        while (RenewalDay(renewals + 1) <= last)
        {
            renewals++;
        }

        while (renewals > 0 && RenewalDay(renewals) > last)
        {
            renewals--;
        }

        return renewals;
    }

    /// <summary>Whether it is known at the end of a day to end without another renewal, even if the cancellation is dated later.</summary>
    public bool IsCancelled(int day) => EndsOn is { } end && NextRenewal(day) == end;

    /// <summary>
    /// The day on which it is renewed next, or ends when it is cancelled; null without a term and a stated day. A contract that ended by the
    /// end of <paramref name="day"/> gives the day on which it ended.
    /// </summary>
    /// <param name="day">The day, on or after <see cref="StartedOn"/>.</param>
    public int? NextRenewal(int day)
    {
        var end = EndsOn;
        var next = end <= day ? end
            : RenewsOn is { } stated && stated > day ? stated
            : TermMonths is null ? end
            : RenewalDay(Renewals(day) + 1);
        return next > end ? end : next;
    }

    /// <summary>Whether it still runs after the end of a day: it is not cancelled, or its last term has not ended.</summary>
    public bool IsRunning(int day) => !(EndsOn <= day);

    /// <summary>The day of the n-th renewal.</summary>
    /// <param name="renewal">Its number from 1; 0 is the start.</param>
    /// <exception cref="InvalidOperationException">The contract has no term.</exception>
    public int RenewalDay(int renewal) => TermMonths is { } months
        ? DateOnly.FromDayNumber(StartedOn).AddMonths(renewal * months).DayNumber
        : throw new InvalidOperationException("A contract without a term has no renewals.");

    private static int MonthsBetween(int from, int to)
    {
        var (start, end) = (DateOnly.FromDayNumber(from), DateOnly.FromDayNumber(Math.Max(from, to)));
        return ((end.Year - start.Year) * 12) + end.Month - start.Month;
    }
}
