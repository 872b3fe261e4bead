using System.Numerics;
using static Clv.Core.Models.LogMath;

namespace Clv.Core.Models;

/// <summary>The occasions to expect of a living customer of a CNBD-k model with k of 2 or more, discounted or not.</summary>
/// <remarks>
/// Given the stage j under way, the number of stages completed in tau = t / (alpha + T) is negative binomial, and n of them complete
/// <c>(n + j) / k</c> purchases if the customer stays. Where few stages are to be expected the expectation is that finite sum, all of its
/// terms positive. Where many are, it is integrated over the dropout probability p: with theta = (1 - p)^(1/k) and w the k-th roots of
/// unity, the expectation at one p is a sum of k terms
/// <c>(theta w)^(j + 1 - k) (1 - (1 + tau (1 - theta w))^-(rho + j)) / (1 - theta w) / k</c>.
/// </remarks>
internal sealed class ErlangExpectation
{
    /// <summary>Stages beyond which the quadrature is the cheaper of the two; below, its terms would cancel.</summary>
    private const double MostStages = 2000;

    // Near p = 1 the terms of the roots cancel, and few purchases are left to sum: .25^28 is below the last bit.
    private const double FewStay = 0.25;
    private const int FewPurchases = 28;

    private readonly int _k;
    private readonly double _rho;
    private readonly double _a;
    private readonly double _beta;
    private readonly double _scale;
    private readonly ErlangStages _stages;

    /// <summary>The expected occasions among the next 0, 1, 2 ... purchases of a customer who might leave after each.</summary>
    private readonly List<double> _among = [0];
    private double _stayed = 1;

    public ErlangExpectation(BetaGeometricModel model, int x, double tx, double T)
    {
        _k = model.Stages;
        _rho = model.R + ((double)_k * x);
        _a = model.A;
        _beta = model.B + x + model.Chances;
        _scale = model.Alpha + T;
        _stages = new ErlangStages(model, x, tx, T);
    }

    /// <summary>By parts: exp(-rate H) E(H) + rate times the integral of exp(-rate t) E(t).</summary>
    public double Discounted(double horizon, double rate)
    {
        if (rate * horizon > DiscountPanels.Forgotten)
        {
            return ResidualQuadrature.Expected(_rho, _stages.Chance, _a, _beta, rate * _scale);
        }

        var end = Log1p(horizon / _scale);
        var discount = rate * horizon;
        // Two panels to a stage, before the chance of the single stages blurs.
        var nodes = discount == 0 ? [] : DiscountPanels.On(end, 4 / _rho);
        nodes.Add((end, 0));
        var value = 0.0;
        var distant = new List<(double Tau, double Weight)>();
        foreach (var (s, length) in nodes)
        {
            var tau = Expm1(s);
            var weight = s < end ? rate * _scale * length * (1 + tau) * Math.Exp(-rate * _scale * tau) : Math.Exp(-discount);
            if (IsShort(tau))
            {
                value += weight * Sum(tau);
            }
            else
            {
                distant.Add((tau, weight));
            }
        }

        return distant.Count == 0 ? value : value + Integral([.. distant]);
    }

    private bool IsShort(double tau)
    {
        var mean = (_rho + _k) * tau;
        return mean + (9 * Math.Sqrt(mean * (1 + tau))) + (40 * (1 + tau)) <= MostStages;
    }

    private double Sum(double tau)
    {
        if (tau == 0)
        {
            return 0;
        }

        var sum = 0.0;
        for (var j = 0; j < _k; j++)
        {
            if (_stages.Chance[j] > 0)
            {
                sum += _stages.Chance[j] * Sum(_rho + j, j, tau);
            }
        }

        return sum;
    }

    /// <summary>Outwards from the mode, in units of its probability, which the total mass then gives.</summary>
    private double Sum(double rho, int j, double tau)
    {
        const double negligible = 1e-18;
        var z = tau / (1 + tau);
        var mode = Math.Max(0, (int)((rho - 1) * tau));
        var (value, mass) = (0.0, 0.0);
        var term = 1.0;
        for (var n = mode; ; n++)
        {
            var occasions = Among((n + j) / _k);
            value += term * occasions;
            mass += term;
            var ratio = z * (rho + n) / (n + 1);
            term *= ratio;
            var left = Math.Max(z, ratio);
            if (left < 1 && term <= negligible * mass * (1 - left) && term * (1 + occasions) <= negligible * value * (1 - left))
            {
                break;
            }
        }

        term = 1;
        for (var n = mode - 1; n >= 0 && term > negligible * 1e-3; n--)
        {
            term *= (n + 1) / (z * (rho + n));
            value += term * Among((n + j) / _k);
            mass += term;
        }

        return value / mass;
    }

    private double Among(int purchases)
    {
        while (_among.Count <= purchases)
        {
            var m = _among.Count;
            _among.Add(_among[^1] + _stayed);
            _stayed *= (_beta + (m - 1)) / (_a + _beta + (m - 1));
        }

        return _among[purchases];
    }

    private double Integral((double Tau, double Weight)[] taus)
    {
        var few = new double[FewPurchases];
        foreach (var (tau, weight) in taus)
        {
            AddFew(tau, weight, few);
        }

        return DropoutQuadrature.Expectation(_a, _beta, Log1p(_rho * taus[^1].Tau), (p, q) =>
        {
            if (q <= FewStay)
            {
                var sum = 0.0;
                for (var m = FewPurchases - 1; m >= 0; m--)
                {
                    sum = (sum * q) + few[m];
                }

                return sum;
            }

            // ln theta.
            var log = Log1p(-p) / _k;
            var value = First(Math.Exp(log), -Expm1(log), taus);
            for (var l = 1; 2 * l <= _k; l++)
            {
                // A root and its conjugate give conjugate terms; -1 has none.
                value += (2 * l == _k ? 1 : 2) * Term(Complex.FromPolarCoordinates(Math.Exp(log), 2 * Math.PI * l / _k), taus);
            }

            return value / _k;
        });
    }

    /// <summary>Adds weighted probabilities of at least 1, 2, 3 ... purchases of a customer who never leaves.</summary>
    private void AddFew(double tau, double weight, double[] few)
    {
        for (var j = 0; j < _k; j++)
        {
            var rho = _rho + j;
            var z = tau / (1 + tau);
            var exactly = Math.Exp(-rho * Log1p(tau));
            var atLeast = -Expm1(-rho * Log1p(tau));
            var n = 1;
            for (var m = 1; m <= few.Length; m++)
            {
                for (; n < (m * _k) - j; n++)
                {
                    exactly *= z * (rho + n - 1) / n;
                    atLeast -= exactly;
                }

                few[m - 1] += weight * _stages.Chance[j] * Math.Max(0, atLeast);
            }
        }
    }

    /// <summary>The term of the root 1, whose denominator c vanishes with p.</summary>
    private double First(double theta, double c, (double Tau, double Weight)[] taus)
    {
        var sum = 0.0;
        foreach (var (tau, weight) in taus)
        {
            var log = _rho * Log1p(tau * c);
            var quotient = c < 1e-300 ? _rho * tau : -Expm1(-log) / c;
            var passed = Math.Exp(-log) * tau / (1 + (tau * c));
            var back = 1 / (1 + (tau * c));
            var power = Math.Pow(theta, 1 - _k);
            for (var j = 0; j < _k; j++)
            {
                sum += weight * _stages.Chance[j] * power * quotient;
                // 1 - A B^(j+1) = (1 - A B^j) + A B^j (1 - B), with nothing to cancel.
                quotient += passed;
                passed *= back;
                power *= theta;
            }
        }

        return sum;
    }

    private double Term(Complex root, (double Tau, double Weight)[] taus)
    {
        var c = 1 - root;
        var sum = Complex.Zero;
        foreach (var (tau, weight) in taus)
        {
            var back = 1 / (1 + (tau * c));
            var rest = Complex.Exp(_rho * Complex.Log(back));
            var power = Complex.Pow(root, 1 - _k);
            for (var j = 0; j < _k; j++)
            {
                sum += weight * _stages.Chance[j] * power * (1 - rest);
                rest *= back;
                power *= root;
            }
        }

        return (sum / c).Real;
    }
}
