namespace Clv.Core.Models;

/// <summary>
/// Draws customers who behave as a <see cref="BgNbd"/> says, in whole days. Reuses one buffer, so a customer costs no allocation. Not
/// safe for use
/// from several threads at once.
/// </summary>
public sealed class BgNbdSimulator
{
    private const double DaysPerWeek = 7;

    private readonly BgNbd _model;
    private readonly SeededRandom _random;
    private int[] _days = new int[64];

    /// <summary>A simulator that takes its randomness from a generator of the caller's, who may share or restart it.</summary>
    /// <param name="model">How customers behave.</param>
    /// <param name="random">Where chance comes from.</param>
    public BgNbdSimulator(BgNbd model, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(random);
        _model = model;
        _random = random;
    }

    /// <summary>
    /// The repeat purchase days of one customer, counted from the day of the first purchase (day 0, not listed): ascending, distinct, 1 to
    /// <paramref name="ageDays"/>.
    /// </summary>
    /// <remarks>
    /// Data in days know at most one occasion a day. Merging the purchases of a continuous process would therefore thin out the busiest
    /// customers and
    /// bias a fit; instead a living customer buys on a day with probability lambda / 7, which keeps the expected number of occasions the
    /// model's
    /// own, up to one a day.
    /// </remarks>
    /// <param name="ageDays">Days from the first purchase to the last day that is observed, 0 or more.</param>
    /// <returns>A view of the reused buffer, valid until the next call.</returns>
    public ReadOnlySpan<int> NextCustomer(int ageDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ageDays);
        var daily = _random.NextGamma(_model.R) / (DaysPerWeek * _model.Alpha);
        var dropout = _random.NextBeta(_model.A, _model.B);

        // The geometric gap to the next buying day is an exponential one, rounded up.
        var meanGap = daily < 1 ? -1 / LogMath.Log1p(-daily) : 0;
        var day = 0;
        var length = 0;
        while (true)
        {
            var gap = Math.Max(1, Math.Ceiling(meanGap * _random.NextExponential()));
            if (!(gap <= ageDays - day))
            {
                break;
            }

            day += (int)gap;
            if (length == _days.Length)
            {
                Array.Resize(ref _days, length * 2);
            }

            _days[length++] = day;
            if (_random.NextDouble() < dropout)
            {
                break;
            }
        }

        return _days.AsSpan(0, length);
    }
}
