namespace Clv.Core.Models;

/// <summary>
/// The (M)BG/CNBD-k log-likelihood of grouped histories with its analytic first and second derivatives in (r, alpha, a, b), without the
/// part that k alone decides.
/// </summary>
/// <remarks>
/// As in <see cref="BetaGeometricLikelihood"/>, what depends on x alone and on T alone is summed apart. Left for the groups is
/// <c>ln(P + exp(u))</c>: u is the log-odds of dropout with one stage and <c>P = sum over j below k of (rho)_j / j! z^j</c>, with rho =
/// r + k x and z = (T - tx) / (alpha + T), the chance of silence while alive.
/// </remarks>
internal sealed class CnbdLikelihood : IMeanLogLikelihood
{
    private const int R = 0;
    private const int Alpha = 1;
    private const int A = 2;
    private const int B = 3;
    private const int Width = 15;

    private readonly GroupedHistories _data;
    private readonly int _k;
    private readonly int _chances;
    private readonly int _threads;
    private readonly double[] _moreThan;
    private readonly double[] _customersOfAge;
    private readonly double[] _repeatsOfAge;
    private readonly double[] _log;
    private readonly double[] _inverse;

    public CnbdLikelihood(GroupedHistories data, int k, bool modified, int threads)
    {
        _data = data;
        _k = k;
        _chances = modified ? 1 : 0;
        _threads = threads;
        _log = new double[data.Times.Length];
        _inverse = new double[data.Times.Length];
        var marginals = new HistoryMarginals(data);
        _moreThan = marginals.MoreThan;
        _customersOfAge = marginals.CustomersOfAge;
        _repeatsOfAge = marginals.RepeatsOfAge;
    }

    public long Customers => _data.Customers;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        Span<double> sums = stackalloc double[Width];
        AddFrequencies(parameters, sums);
        AddAges(parameters, sums);
        var (r, a, b) = (parameters[R], parameters[A], parameters[B]);
        FixedChunks.Sum(0, _data.GroupCount, _threads, sums, (start, end, partial) => AddSilence(r, a, b, start, end, partial));

        var scale = 1.0 / Customers;
        for (var i = 0; i < 4; i++)
        {
            gradient[i] = sums[1 + i] * scale;
            for (var j = i; j < 4; j++)
            {
                hessian[(4 * i) + j] = sums[Second(i, j)] * scale;
            }
        }

        return sums[0] * scale;
    }

    /// <summary>The place of a second derivative: the value, four first derivatives, then the upper triangle row by row.</summary>
    private static int Second(int i, int j) => 5 + (i * 4) - (i * (i - 1) / 2) + (j - i);

    /// <summary>ln of Gamma(r+kx)/Gamma(r) and of B(a,b+x+e)/B(a,b), over all customers.</summary>
    private void AddFrequencies(ReadOnlySpan<double> parameters, Span<double> sums)
    {
        var (r, b, ab) = (parameters[R], parameters[B], parameters[A] + parameters[B]);
        double value = 0, overR = 0, overB = 0, overAb = 0, overR2 = 0, overB2 = 0, overAb2 = 0;
        if (_chances > 0)
        {
            double n = Customers;
            value = n * Math.Log(b / ab);
            (overB, overAb, overB2, overAb2) = (n / b, n / ab, n / (b * b), n / (ab * ab));
            (b, ab) = (b + 1, ab + 1);
        }

        for (var j = 0; j < _moreThan.Length; j++)
        {
            var (n, fb, fab) = (_moreThan[j], 1 / (b + j), 1 / (ab + j));
            value += n * Math.Log((b + j) * fab);
            overB += n * fb;
            overAb += n * fab;
            overB2 += n * fb * fb;
            overAb2 += n * fab * fab;
            for (var stage = 0; stage < _k; stage++)
            {
                var shape = r + ((double)_k * j) + stage;
                value += n * Math.Log(shape);
                overR += n / shape;
                overR2 += n / (shape * shape);
            }
        }

        sums[0] += value;
        sums[1 + R] += overR;
        sums[1 + A] -= overAb;
        sums[1 + B] += overB - overAb;
        sums[Second(R, R)] -= overR2;
        sums[Second(A, A)] += overAb2;
        sums[Second(A, B)] += overAb2;
        sums[Second(B, B)] += overAb2 - overB2;
    }

    /// <summary>r ln alpha - (r + k x) ln(alpha + T), over all customers; fills the tables of the times on the way.</summary>
    private void AddAges(ReadOnlySpan<double> parameters, Span<double> sums)
    {
        var (r, alpha) = (parameters[R], parameters[Alpha]);
        var logAlpha = Math.Log(alpha);
        for (var i = 0; i < _log.Length; i++)
        {
            var (log, inverse) = (Math.Log(alpha + _data.Times[i]), 1 / (alpha + _data.Times[i]));
            _log[i] = log;
            _inverse[i] = inverse;
            var customers = _customersOfAge[i];
            if (customers > 0)
            {
                var exponent = (r * customers) + (_k * _repeatsOfAge[i]);
                sums[0] += (r * customers * logAlpha) - (exponent * log);
                sums[1 + R] += customers * (logAlpha - log);
                sums[1 + Alpha] += (customers * r / alpha) - (exponent * inverse);
                sums[Second(R, Alpha)] += customers * ((1 / alpha) - inverse);
                sums[Second(Alpha, Alpha)] += (exponent * inverse * inverse) - (customers * r / (alpha * alpha));
            }
        }
    }

    /// <summary>
    /// ln(P + exp(u)) = L + softplus(u - L) with L = ln P. With s = logistic(u - L), its derivatives mix those of L and of u by s, and add
    /// s (1 - s) times the products of those of u - L.
    /// </summary>
    private void AddSilence(double r, double a, double b, int start, int end, Span<double> sums)
    {
        var frequency = _data.Frequency;
        ReadOnlySpan<double> logs = _log;
        ReadOnlySpan<double> inverses = _inverse;
        // (rho)_j / j! and its first two derivatives in rho.
        Span<double> c = stackalloc double[_k];
        Span<double> c1 = stackalloc double[_k];
        Span<double> c2 = stackalloc double[_k];
        for (var i = start; i < end;)
        {
            var x = frequency[i];
            var rho = r + ((double)_k * x);
            (c[0], c1[0], c2[0]) = (1, 0, 0);
            for (var j = 0; j < _k - 1; j++)
            {
                c[j + 1] = c[j] * (rho + j) / (j + 1);
                c1[j + 1] = ((c1[j] * (rho + j)) + c[j]) / (j + 1);
                c2[j + 1] = ((c2[j] * (rho + j)) + (2 * c1[j])) / (j + 1);
            }

            var mayBeGone = x + _chances > 0;
            var overB = mayBeGone ? 1 / (b + x + (_chances - 1)) : 0;
            var offset = mayBeGone ? Math.Log(a * overB) : 0;
            double value = 0, gR = 0, gAlpha = 0, s0 = 0, hRR = 0, hRAlpha = 0, hAlpha2 = 0, vR = 0, vAlpha = 0, v0 = 0;
            for (; i < end && frequency[i] == x; i++)
            {
                double n = _data.Count[i];
                var (atAge, atLast) = (inverses[_data.Age[i]], inverses[_data.Recency[i]]);
                var z = (_data.Times[_data.Age[i]] - _data.Times[_data.Recency[i]]) * atAge;
                double p = 0, pz = 0, pzz = 0, pr = 0, prr = 0, prz = 0;
                for (var j = _k - 1; j >= 0; j--)
                {
                    // Horner for a polynomial in z and, one behind, its derivatives.
                    pzz = (pzz * z) + (2 * pz);
                    pz = (pz * z) + p;
                    p = (p * z) + c[j];
                    prz = (prz * z) + pr;
                    pr = (pr * z) + c1[j];
                    prr = (prr * z) + c2[j];
                }

                // z falls with alpha: dz/dalpha = -z / (alpha + T).
                var (zAlpha, zAlpha2) = (-z * atAge, 2 * z * atAge * atAge);
                var over = 1 / p;
                var lR = pr * over;
                var lAlpha = pz * zAlpha * over;
                var lRR = (prr * over) - (lR * lR);
                var lRAlpha = (prz * zAlpha * over) - (lR * lAlpha);
                var lAlpha2 = (((pzz * zAlpha * zAlpha) + (pz * zAlpha2)) * over) - (lAlpha * lAlpha);
                var l = Math.Log(p);
                if (!mayBeGone)
                {
                    value += n * l;
                    gR += n * lR;
                    gAlpha += n * lAlpha;
                    hRR += n * lRR;
                    hRAlpha += n * lRAlpha;
                    hAlpha2 += n * lAlpha2;
                    continue;
                }

                var d = logs[_data.Age[i]] - logs[_data.Recency[i]];
                var slope = atAge - atLast;
                var u = offset + (rho * d) - l;
                var small = Math.Exp(-Math.Abs(u));
                var share = 1 / (1 + small);
                var s = u >= 0 ? share : small * share;
                var rest = u >= 0 ? small * share : share;
                var v = n * small * share * share;
                var uR = d - lR;
                var uAlpha = (rho * slope) - lAlpha;
                value += n * (l + Math.Max(u, 0) + Math.Log(1 + small));
                gR += n * ((rest * lR) + (s * d));
                gAlpha += n * ((rest * lAlpha) + (s * rho * slope));
                hRR += (n * rest * lRR) + (v * uR * uR);
                hRAlpha += (n * ((rest * lRAlpha) + (s * slope))) + (v * uR * uAlpha);
                hAlpha2 += (n * ((rest * lAlpha2) - (s * rho * slope * (atAge + atLast)))) + (v * uAlpha * uAlpha);
                s0 += n * s;
                v0 += v;
                vR += v * uR;
                vAlpha += v * uAlpha;
            }

            sums[0] += value;
            sums[1 + R] += gR;
            sums[1 + Alpha] += gAlpha;
            sums[1 + A] += s0 / a;
            sums[1 + B] -= overB * s0;
            sums[Second(R, R)] += hRR;
            sums[Second(R, Alpha)] += hRAlpha;
            sums[Second(R, A)] += vR / a;
            sums[Second(R, B)] -= overB * vR;
            sums[Second(Alpha, Alpha)] += hAlpha2;
            sums[Second(Alpha, A)] += vAlpha / a;
            sums[Second(Alpha, B)] -= overB * vAlpha;
            sums[Second(A, A)] += (v0 - s0) / (a * a);
            sums[Second(A, B)] -= overB * v0 / a;
            sums[Second(B, B)] += overB * overB * (v0 + s0);
        }
    }
}
