namespace Clv.Cli.Report;

/// <summary>An axis from 0 up, with round numbers for its ticks.</summary>
internal sealed record Axis
{
    private Axis(double step, int ticks, int decimals)
    {
        Step = step;
        Max = step * ticks;
        Decimals = decimals;
        Ticks = [.. Enumerable.Range(0, ticks + 1).Select(i => i * step)];
    }

    /// <summary>Distance of two ticks.</summary>
    public double Step { get; }

    /// <summary>The last tick.</summary>
    public double Max { get; }

    /// <summary>Decimals that the ticks need.</summary>
    public int Decimals { get; }

    /// <summary>All ticks, from 0.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis that holds all values.</summary>
    /// <param name="largest">The largest value; an axis of nothing goes to 1.</param>
    /// <param name="steps">About how many steps it may have.</param>
    public static Axis To(double largest, int steps = 5)
    {
        var all = largest > 0 && double.IsFinite(largest) ? largest : 1;
        var step = RoundStep(all / steps);
        var power = (int)Math.Floor(Math.Log10(step) + 1e-9);
        var head = step / Math.Pow(10, power);
        var decimals = Math.Max(0, -power + (Math.Abs(head - 2.5) < 0.01 ? 1 : 0));
        return new Axis(step, (int)Math.Ceiling((all / step) - 1e-9), decimals);
    }

    /// <summary>The least of 1, 2, 2.5 or 5 times a power of ten that is not below a number above 0.</summary>
    public static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (var head in (ReadOnlySpan<double>)[1, 2, 2.5, 5])
        {
            if (head * power >= least * (1 - 1e-9))
            {
                return head * power;
            }
        }

        return 10 * power;
    }
}
