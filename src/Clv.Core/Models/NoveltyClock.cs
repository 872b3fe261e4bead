namespace Clv.Core.Models;

/// <summary>
/// A customer's own time, which runs at another pace while buying here is new: at age t it runs at
/// <c>1 + (pace - 1) exp(-t / weeks)</c> times the calendar's pace, so in the long run at the calendar's.
/// </summary>
/// <remarks>A time change of the purchase process, as in the theory of non-homogeneous Poisson processes. Formulas: docs/models/forecast.md.</remarks>
public sealed record NoveltyClock
{
    /// <summary>Beyond this many novelty times exp(-t / weeks) is below the last bit of 1.</summary>
    private const double WornOff = 40;

    /// <summary>A clock.</summary>
    /// <param name="pace">The pace at the first purchase, above 0: 1 changes nothing, 2 means twice the settled pace.</param>
    /// <param name="weeks">Weeks in which the difference falls to 1/e, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a finite number above zero.</exception>
    public NoveltyClock(double pace, double weeks)
    {
        Pace = Guard.Positive(pace);
        Weeks = Guard.Positive(weeks);
    }

    /// <summary>The pace at the first purchase, against the settled one.</summary>
    public double Pace { get; }

    /// <summary>Weeks in which the difference to the settled pace falls to 1/e.</summary>
    public double Weeks { get; }

    /// <summary>The pace at an age.</summary>
    /// <param name="age">Weeks since the first purchase, 0 or more.</param>
    public double PaceAt(double age) => 1 + ((Pace - 1) * Math.Exp(-age / Weeks));

    /// <summary>What the clock shows at an age: 0 at 0, and rising with age.</summary>
    /// <param name="age">Weeks since the first purchase, 0 or more; may be infinite.</param>
    public double Elapsed(double age) => Elapsed(0, age);

    /// <summary>How far the clock runs between an age and a horizon later.</summary>
    /// <param name="age">Weeks since the first purchase, 0 or more.</param>
    /// <param name="horizon">Weeks from there, 0 or more; may be infinite.</param>
    public double Elapsed(double age, double horizon) => horizon - (Ahead(age) * LogMath.Expm1(-horizon / Weeks));

    /// <summary>How far the clock will yet get ahead of the calendar (or behind, below 0) after an age.</summary>
    /// <param name="age">Weeks since the first purchase, 0 or more.</param>
    internal double Ahead(double age) => (Pace - 1) * Weeks * Math.Exp(-age / Weeks);

    /// <summary>The age at which the clock shows a time: the inverse of <see cref="Elapsed(double)"/>.</summary>
    /// <param name="elapsed">What the clock shows, 0 or more, finite.</param>
    internal double AgeAt(double elapsed)
    {
        // Newton's method from the side on which the curve bends away, so that no step passes the root.
        var age = Math.Max(0, elapsed - Ahead(0));
        if (age > WornOff * Weeks)
        {
            return age;
        }

        for (var i = 0; i < 100; i++)
        {
            var step = (elapsed - Elapsed(age)) / PaceAt(age);
            age = Math.Max(0, age + step);
            if (Math.Abs(step) <= 1e-15 * age)
            {
                break;
            }
        }

        return age;
    }
}
