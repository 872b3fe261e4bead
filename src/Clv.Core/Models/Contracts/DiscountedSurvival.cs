using MathNet.Numerics.Integration;

namespace Clv.Core.Models.Contracts;

/// <summary>The discounted sum of a survival curve over the periods to come, all of them if need be.</summary>
/// <remarks>
/// Term by term as long as the terms fall by more than five percent each or are few; from where they are smooth the rest is the integral
/// between its ends with Gregory's corrections. The integral runs over ln t, in which the singularities of the curve stay pi / c away
/// from the real axis at any age.
/// </remarks>
internal static class DiscountedSurvival
{
    private const int FirstTerms = 64;
    private const int MostTerms = 512;
    private const double Smooth = 0.95;
    private const double Negligible = 1e-17;
    private const double PanelLength = 0.7;

    /// <summary>Ages stay below the largest double; no discount is small enough to leave anything there.</summary>
    private const double LargestLogAge = 700;

    /// <summary>Gregory's coefficients of the first to the eighth difference: those of 1 / ln(1 + x).</summary>
    private static readonly double[] Gregory =
    [
        1.0 / 12, 1.0 / 24, 19.0 / 720, 3.0 / 160, 863.0 / 60480, 275.0 / 24192, 33953.0 / 3628800, 8183.0 / 1036800,
    ];

    private static readonly GaussLegendreRule Rule = new(-1, 1, 16);

    /// <summary>Of a new contract: the first period counts in full.</summary>
    public static double Tenure(SurvivalCurve curve, double rate, int? periods) => Sum(curve, 0, 0, rate, periods);

    /// <summary>On the eve of a renewal, which counts in full if it takes place.</summary>
    public static double Residual(SurvivalCurve curve, int renewals, double rate, int? periods)
    {
        SurvivalCurve.Check(renewals);
        return Sum(curve, renewals, renewals + 1.0, rate, periods);
    }

    /// <summary>The sum over t = first ... last of S(t) / S(given), each discounted to the first; last is null for no end.</summary>
    private static double Sum(SurvivalCurve curve, double given, double first, double rate, int? periods)
    {
        Guard.NotNegative(rate);
        if (periods is { } p)
        {
            SurvivalCurve.Check(p, nameof(periods));
        }

        if (periods == 0)
        {
            return 0;
        }

        if (periods is null && rate == 0 && curve.Decay <= 1)
        {
            return double.PositiveInfinity;
        }

        var logDiscount = LogMath.Log1p(rate);
        double Term(double k) => Math.Exp(curve.LogSurvival(given, first + k) - (k * logDiscount));

        var last = periods - 1.0;
        var sum = 0.0;
        var term = Term(0);
        for (var k = 0; ; k++)
        {
            sum += term;
            if (k >= last)
            {
                return sum;
            }

            var next = Term(k + 1);
            // A sum that the discount alone bounds below a rounding error is complete.
            if (next == 0 || next * (1 + rate) <= Negligible * sum * rate)
            {
                return sum;
            }

            if (k >= FirstTerms && next >= Smooth * term && !(last - k <= MostTerms))
            {
                return sum + Tail(curve, Term, first, k + 1, last, logDiscount);
            }

            term = next;
        }
    }

    /// <summary>The sum of the terms from one place to another or without end.</summary>
    private static double Tail(SurvivalCurve curve, Func<double, double> term, double first, double from, double? last, double logDiscount)
    {
        // Without discount and end the integral stops where the curve is a power law, whose rest is known.
        var powerLaw = last is null && logDiscount == 0;
        var end = last is { } l ? Math.Log(first + l) : powerLaw ? Math.Clamp(curve.LogPowerLawStart, Math.Log(first + from), LargestLogAge) : LargestLogAge;
        var length = PanelLength / curve.Steepness;
        var sum = Ends(term, from, +1) + (last is { } place ? Ends(term, place, -1) : 0);
        var previous = double.PositiveInfinity;
        for (var u = Math.Log(first + from); u < end; u += length)
        {
            var half = Math.Min(length, end - u) / 2;
            var panel = 0.0;
            for (var i = 0; i < Rule.Order; i++)
            {
                var t = Math.Exp(u + (half * (1 + Rule.GetAbscissa(i))));
                panel += Rule.GetWeight(i) * half * t * term(t - first);
            }

            sum += panel;
            if (panel <= Negligible * sum && panel <= previous / 2)
            {
                return sum;
            }

            previous = panel;
        }

        if (powerLaw)
        {
            var t = Math.Exp(end);
            sum += t * term(t - first) / (curve.Decay - 1);
        }

        return sum;
    }

    /// <summary>Half the term at an end of the sum and the corrections there, from its differences into the range.</summary>
    private static double Ends(Func<double, double> term, double place, int direction)
    {
        Span<double> differences = stackalloc double[Gregory.Length + 1];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = term(place + (direction * i));
        }

        var sum = differences[0] / 2;
        for (var order = 1; order < differences.Length; order++)
        {
            for (var i = differences.Length - 1; i >= order; i--)
            {
                differences[i] -= differences[i - 1];
            }

            sum += (order % 2 == 0 ? 1 : -1) * Gregory[order - 1] * differences[order];
        }

        return sum;
    }
}
