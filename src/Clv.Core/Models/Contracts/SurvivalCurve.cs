using System.Runtime.CompilerServices;

namespace Clv.Core.Models.Contracts;

/// <summary>
/// The survival of contracts whose chance of lasting to age t is <c>(1 - theta)^(t^c)</c>, theta ~ beta(alpha, beta):
/// <c>S(t) = B(alpha, beta + t^c) / B(alpha, beta)</c>. With c = 1 it is the shifted beta-geometric.
/// </summary>
internal sealed record SurvivalCurve(double Alpha, double Beta, double C)
{
    /// <summary>Beyond exp(600) only the leading term of the ratio of gamma functions is left, and t^c itself might overflow.</summary>
    private const double LargestLogPower = 600;

    private const double LargestPower = 1e300;

    /// <summary>The exponent of the power law that the survival falls by in the end.</summary>
    public double Decay => C * Alpha;

    /// <summary>The age, as a logarithm, from which on the power law holds to 1e-13.</summary>
    public double LogPowerLawStart => Math.Log(1e13 * (1 + Alpha) * (1 + Alpha + Beta)) / C;

    /// <summary>The larger, the nearer the singularities of the curve are in ln t.</summary>
    public double Steepness => Math.Max(1, C);

    public double Survival(int renewals, int further)
    {
        Check(renewals);
        Check(further);
        return Math.Exp(LogSurvival(renewals, (double)renewals + further));
    }

    /// <summary>ln of S(t) / S(n).</summary>
    public double LogSurvival(double n, double t) => t == n ? 0 : LogKernel(n) - LogKernel(t);

    /// <summary>The probability that a contract renewed n times is not renewed again.</summary>
    public double Loss(double n) => C == 1 ? Alpha / (Alpha + Beta + n) : -LogMath.Expm1(LogSurvival(n, n + 1));

    public double Renewal(int renewals)
    {
        Check(renewals);
        return C == 1 ? (Beta + renewals) / (Alpha + Beta + renewals) : Math.Exp(LogSurvival(renewals, renewals + 1.0));
    }

    public void Distribution(int renewals, Span<double> probabilities)
    {
        Check(renewals);
        for (var k = 0; k < probabilities.Length; k++)
        {
            var age = (double)renewals + k;
            probabilities[k] = Math.Exp(LogSurvival(renewals, age)) * Loss(age);
        }
    }

    public double LogLikelihood(int renewals, bool lost)
    {
        Check(renewals);
        return LogSurvival(0, renewals) + (lost ? Math.Log(Loss(renewals)) : 0);
    }

    public int Next(SeededRandom random, int renewals)
    {
        ArgumentNullException.ThrowIfNull(random);
        Check(renewals);
        var power = Math.Min(Math.Pow(renewals, C), LargestPower);
        var theta = random.NextBeta(Alpha, Beta + power);
        // It lasts while t^c - n^c stays below an exponential draw over -ln(1 - theta); a theta that rounds to 0 never ends.
        var left = random.NextExponential() / -LogMath.Log1p(-theta);
        var further = renewals == 0 ? Math.Pow(left, 1 / C) : renewals * LogMath.Expm1(LogMath.Log1p(left / power) / C);
        return further < int.MaxValue ? (int)further : int.MaxValue;
    }

    public static void Check(int renewals, [CallerArgumentExpression(nameof(renewals))] string? name = null) =>
        ArgumentOutOfRangeException.ThrowIfNegative(renewals, name);

    /// <summary>-ln S(t) up to a constant.</summary>
    private double LogKernel(double t)
    {
        if (C == 1)
        {
            return GammaRatio.Log(Beta + t, Alpha);
        }

        var logPower = t == 0 ? double.NegativeInfinity : C * Math.Log(t);
        return logPower > LargestLogPower ? Alpha * logPower : GammaRatio.Log(Beta + Math.Exp(logPower), Alpha);
    }
}
