namespace Clv.Core.Models;

/// <summary>The BG/NBD or MBG/NBD log-likelihood of grouped histories with its analytic first and second derivatives in (r, alpha, a, b).</summary>
/// <remarks>
/// Three sums of very different cost. What depends on x alone telescopes: a ratio of gammas x apart is a product, so summing over
/// customers needs
/// only how many have more than j repeats. What depends on T alone needs a marginal per age. Only the softplus of the dropout odds is
/// left for
/// the groups, and its logarithms come from a table per distinct time.
/// </remarks>
internal sealed class BetaGeometricLikelihood : IMeanLogLikelihood
{
    private const int R = 0;
    private const int Alpha = 1;
    private const int A = 2;
    private const int B = 3;
    private const int Width = 15;

    private readonly GroupedHistories _data;
    private readonly int _chances;
    private readonly int _threads;
    private readonly double[] _moreThan;
    private readonly double[] _customersOfAge;
    private readonly double[] _repeatsOfAge;
    private readonly double[] _log;
    private readonly double[] _inverse;

    public BetaGeometricLikelihood(GroupedHistories data, bool modified, int threads)
    {
        _data = data;
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
        FixedChunks.Sum(
            _chances > 0 ? 0 : _data.FirstRepeater,
            _data.GroupCount,
            _threads,
            sums,
            (start, end, partial) => AddDropout(r, a, b, start, end, partial));

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

    /// <summary>
    /// The place of a second derivative among the sums: the value, four first derivatives, then the upper triangle row by row.
    /// </summary>
    private static int Second(int i, int j) => 5 + (i * 4) - (i * (i - 1) / 2) + (j - i);

    /// <summary>ln of Gamma(r+x)/Gamma(r) and of B(a,b+x+e)/B(a,b), over all customers; e chances come before the first repeat.</summary>
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
            var (n, fr, fb, fab) = (_moreThan[j], 1 / (r + j), 1 / (b + j), 1 / (ab + j));
            value += n * Math.Log((r + j) * ((b + j) * fab));
            overR += n * fr;
            overB += n * fb;
            overAb += n * fab;
            overR2 += n * fr * fr;
            overB2 += n * fb * fb;
            overAb2 += n * fab * fab;
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

    /// <summary>r ln alpha - (r + x) ln(alpha + T), over all customers; fills the tables of the times on the way.</summary>
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
                var exponent = (r * customers) + _repeatsOfAge[i];
                sums[0] += (r * customers * logAlpha) - (exponent * log);
                sums[1 + R] += customers * (logAlpha - log);
                sums[1 + Alpha] += (customers * r / alpha) - (exponent * inverse);
                sums[Second(R, Alpha)] += customers * ((1 / alpha) - inverse);
                sums[Second(Alpha, Alpha)] += (exponent * inverse * inverse) - (customers * r / (alpha * alpha));
            }
        }
    }

    /// <summary>
    /// softplus(u) with u = ln a - ln(b+x+e-1) + (r+x) (ln(alpha+T) - ln(alpha+tx)) over groups that had a chance to drop out. Its derivative in u is s =
    /// logistic(u),
    /// then s (1 - s). Per run of equal x only the moments of D = du/dr and I = (du/dalpha)/(r+x) are summed.
    /// </summary>
    private void AddDropout(double r, double a, double b, int start, int end, Span<double> sums)
    {
        var frequency = _data.Frequency;
        var recency = _data.Recency;
        var age = _data.Age;
        var count = _data.Count;
        ReadOnlySpan<double> logs = _log;
        ReadOnlySpan<double> inverses = _inverse;
        for (var i = start; i < end;)
        {
            var x = frequency[i];
            var rho = r + x;
            var k = 1 / (b + x + (_chances - 1));
            var offset = Math.Log(a * k);
            double value = 0, s0 = 0, sD = 0, sI = 0, sJ = 0, v0 = 0, vD = 0, vI = 0, vDD = 0, vDI = 0, vII = 0;
            for (; i < end && frequency[i] == x; i++)
            {
                var (atAge, atLast) = (inverses[age[i]], inverses[recency[i]]);
                var d = logs[age[i]] - logs[recency[i]];
                var slope = atAge - atLast;
                var u = offset + (rho * d);
                var small = Math.Exp(-Math.Abs(u));
                var share = 1 / (1 + small);
                double n = count[i];
                value += n * (Math.Max(u, 0) + Math.Log(1 + small));
                var ns = n * (u >= 0 ? share : small * share);
                var nv = n * small * share * share;
                s0 += ns;
                sD += ns * d;
                sI += ns * slope;
                sJ -= ns * slope * (atAge + atLast);
                v0 += nv;
                var nvD = nv * d;
                var nvI = nv * slope;
                vD += nvD;
                vI += nvI;
                vDD += nvD * d;
                vDI += nvD * slope;
                vII += nvI * slope;
            }

            sums[0] += value;
            sums[1 + R] += sD;
            sums[1 + Alpha] += rho * sI;
            sums[1 + A] += s0 / a;
            sums[1 + B] -= k * s0;
            sums[Second(R, R)] += vDD;
            sums[Second(R, Alpha)] += (rho * vDI) + sI;
            sums[Second(R, A)] += vD / a;
            sums[Second(R, B)] -= k * vD;
            sums[Second(Alpha, Alpha)] += rho * ((rho * vII) + sJ);
            sums[Second(Alpha, A)] += rho * vI / a;
            sums[Second(Alpha, B)] -= k * rho * vI;
            sums[Second(A, A)] += (v0 - s0) / (a * a);
            sums[Second(A, B)] -= k * v0 / a;
            sums[Second(B, B)] += k * k * (v0 + s0);
        }
    }
}
