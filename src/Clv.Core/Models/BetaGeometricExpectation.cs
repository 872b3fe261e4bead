using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Clv.Core.Models.LogMath;

namespace Clv.Core.Models;

/// <summary>
/// The occasions to expect of a customer who is alive after x repeat occasions, as a function of <c>s = ln(1 + t / (alpha + T))</c>.
/// </summary>
/// <remarks>
/// <para>In s the branch points of the expectation lie at least pi away from the real axis, whatever the parameters, which is what makes
/// a few
/// Gauss nodes enough for the discounted value. (In t the nearest one is at <c>-(alpha + T)</c>, close by for a new customer.)</para>
/// <para>The paper's closed form divides by a - 1 and calls a 2F1 that overflows for busy customers. After Euler's transformation,
/// with d = a - 1, c = a + beta - 1 (beta = b + x, or b + x + 1 in the modified model), A = c - (r + x) and z = 1 - exp(-s), it reads
/// <c>-c expm1(-d s)/d - exp(-d s) sum over k of (A)_k (a)_(k-1) / ((c+1)_(k-1) k!) z^k</c>, with no division by d or c left that could
/// vanish.
/// Where the sum is long (z near 1) or its terms cancel (r much larger than b), the expectation over the dropout probability is
/// integrated instead, where everything is positive.</para>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly struct BetaGeometricExpectation
{
    // Beyond s = 3 (z = .95) the series needs hundreds of terms and quadrature is the cheaper of the two.
    private const double LongestSeries = 3;

    // What one Gauss rule of 64 nodes is enough for.
    private const double LongestRule = 5;
    private const double HeaviestDiscount = 8;

    private const int MostTerms = 1024;
    private const int MostShared = 128;

    // The share of the largest term that is left: 1e-5 still leaves eleven digits.
    private const double WorstCancellation = 1e-5;

    private readonly double _rho;
    private readonly double _a;
    private readonly double _beta;
    private readonly double _c;
    private readonly double _bigA;

    public BetaGeometricExpectation(BetaGeometricModel model, int x)
    {
        _rho = model.R + x;
        _a = model.A;
        _beta = model.B + x + model.Chances;
        _c = model.A + (model.B + (model.Chances - 1)) + x;
        _bigA = model.A + (model.B + (model.Chances - 1)) - model.R;
    }

    /// <summary>The undiscounted expectation; s is 0 or more.</summary>
    public double At(double s)
    {
        if (s == 0)
        {
            return 0;
        }

        return s <= LongestSeries && TrySum(s, out var value) ? value : DropoutQuadrature.Expectation(_rho, _a, _beta, [(Expm1(s), 1)]);
    }

    /// <summary>The expectation over the horizon, discounted; scale is alpha + T.</summary>
    /// <remarks>By parts: exp(-rate H) E(H) + rate times the integral of exp(-rate t) E(t), so that only the discount is subject to
    /// quadrature.</remarks>
    public double Discounted(double scale, double horizon, double rate)
    {
        if (rate * horizon > DiscountPanels.Forgotten)
        {
            return ResidualQuadrature.Expected(_rho, [1], _a, _beta, rate * scale);
        }

        var end = Log1p(horizon / scale);
        var discount = rate * horizon;
        if (discount > HeaviestDiscount || (discount > 0 && end > LongestRule))
        {
            return DiscountedByPanels(scale, end, discount, rate);
        }

        var atEnd = At(end);
        if (discount == 0 || atEnd == 0)
        {
            return atEnd;
        }

        var (nodes, weights) = GaussNodes.For(end, discount, _rho * _a / (_a + _beta));
        Span<double> parts = stackalloc double[nodes.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = -Expm1(-end * nodes[i]);
        }

        Span<double> sums = stackalloc double[nodes.Length];
        parts.CopyTo(sums);
        var hasSeries = TrySums(parts[^1], sums, out var largest);
        var integral = 0.0;
        for (var i = 0; i < nodes.Length; i++)
        {
            var s = end * nodes[i];
            var z = parts[i];
            if (!hasSeries || !TryCombine(s, z * sums[i], z * largest, out var value))
            {
                value = At(s);
            }

            // dt = scale exp(s) ds, and exp(s) = 1 / (1 - z).
            integral += weights[i] * Math.Exp(-rate * scale * z / (1 - z)) / (1 - z) * value;
        }

        return (Math.Exp(-discount) * atEnd) + (rate * scale * end * integral);
    }

    /// <summary>
    /// Likewise over a horizon of any length. Where the series is too long, all nodes share one quadrature over the dropout probability.
    /// </summary>
    private double DiscountedByPanels(double scale, double end, double discount, double rate)
    {
        var nodes = DiscountPanels.On(end, 4 / (1 + (_rho * _a / (_a + _beta))));
        var distant = new List<(double Tau, double Weight)>();
        var value = 0.0;
        nodes.Add((end, 0));
        foreach (var (s, length) in nodes)
        {
            var tau = Expm1(s);
            var weight = s < end ? rate * scale * length * (1 + tau) * Math.Exp(-rate * scale * tau) : Math.Exp(-discount);
            if (s <= LongestSeries && TrySum(s, out var expected))
            {
                value += weight * expected;
            }
            else
            {
                distant.Add((tau, weight));
            }
        }

        return distant.Count == 0 ? value : value + DropoutQuadrature.Expectation(_rho, _a, _beta, [.. distant]);
    }

    /// <summary>The sum for one argument, term by term.</summary>
    private bool TrySum(double s, out double value)
    {
        var z = -Expm1(-s);
        var term = _bigA * z;
        var sum = term;
        var largest = Math.Abs(term);
        for (var k = 1; k < MostTerms; k++)
        {
            term *= NextRatio(k) * z;
            sum += term;
            var size = Math.Abs(term);
            largest = Math.Max(largest, size);
            if (IsLast(k, size, sum))
            {
                return TryCombine(s, sum, largest, out value);
            }
        }

        value = 0;
        return false;
    }

    /// <summary>
    /// The sums, each divided by its z, in place of several z up to a highest: their coefficients are the same, so they are computed once.
    /// False when the highest needs too many.
    /// </summary>
    private bool TrySums(double highest, Span<double> z, out double largest)
    {
        Span<double> coefficients = stackalloc double[MostShared];
        var coefficient = _bigA;
        var power = 1.0;
        var sum = coefficient;
        largest = Math.Abs(coefficient);
        coefficients[0] = coefficient;
        for (var k = 1; k < MostShared; k++)
        {
            coefficient *= NextRatio(k);
            coefficients[k] = coefficient;
            power *= highest;
            var term = coefficient * power;
            sum += term;
            var size = Math.Abs(term);
            largest = Math.Max(largest, size);
            if (IsLast(k, size, sum))
            {
                Polynomials(coefficients[..(k + 1)], z);
                return true;
            }
        }

        return false;
    }

    private double NextRatio(int k) => (_bigA + k) * (_a + (k - 1)) / ((_c + k) * (k + 1));

    /// <summary>Only once no later term changes its sign may a small one end the sum.</summary>
    private bool IsLast(int k, double size, double sum) => size <= 1e-17 * Math.Abs(sum) && k >= -_bigA;

    private bool TryCombine(double s, double sum, double largest, out double value)
    {
        var d = _a - 1;
        var survived = Math.Exp(-d * s);
        var first = d == 0 ? _c * s : _c * (Math.Abs(d * s) > 0.7 ? 1 - survived : -Expm1(-d * s)) / d;
        value = first - (survived * sum);
        return value > WorstCancellation * Math.Max(Math.Abs(first), survived * largest);
    }

    /// <summary>A polynomial in place of a multiple of four arguments; fused, so the same bits on every processor.</summary>
    private static void Polynomials(ReadOnlySpan<double> coefficients, Span<double> arguments)
    {
        var z = MemoryMarshal.Cast<double, Vector256<double>>(arguments);
        Span<Vector256<double>> results = stackalloc Vector256<double>[z.Length];
        results.Clear();
        for (var k = coefficients.Length - 1; k >= 0; k--)
        {
            var coefficient = Vector256.Create(coefficients[k]);
            for (var i = 0; i < z.Length; i++)
            {
                results[i] = Vector256.FusedMultiplyAdd(results[i], z[i], coefficient);
            }
        }

        results.CopyTo(z);
    }
}
