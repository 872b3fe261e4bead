namespace Clv.Core.Models;

/// <summary>The Pareto/NBD log-likelihood of grouped histories with its analytic first and second derivatives in (r, alpha, s, beta).</summary>
/// <remarks>
/// What depends on x alone telescopes, what depends on T alone needs a marginal per age; only the odds of having left are integrated per
/// group, between logarithms from a table of the distinct times. Under the integral the derivatives are moments of logarithms and
/// reciprocals, so value, gradient and Hessian share their nodes.
/// </remarks>
internal sealed class ParetoNbdLikelihood : IMeanLogLikelihood
{
    private const int R = 0;
    private const int Alpha = 1;
    private const int S = 2;
    private const int Beta = 3;
    private const int Width = 15;

    private readonly GroupedHistories _data;
    private readonly int _threads;
    private readonly double[] _moreThan;
    private readonly double[] _customersOfAge;
    private readonly double[] _repeatsOfAge;
    private readonly double[] _logAlpha;
    private readonly double[] _logBeta;

    public ParetoNbdLikelihood(GroupedHistories data, int threads)
    {
        _data = data;
        _threads = threads;
        _logAlpha = new double[data.Times.Length];
        _logBeta = new double[data.Times.Length];
        var marginals = new HistoryMarginals(data);
        _moreThan = marginals.MoreThan;
        _customersOfAge = marginals.CustomersOfAge;
        _repeatsOfAge = marginals.RepeatsOfAge;
    }

    public long Customers => _data.Customers;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        Span<double> sums = stackalloc double[Width];
        AddFrequencies(parameters[R], sums);
        AddAges(parameters, sums);
        var r = parameters[R];
        var dropout = new ParetoNbdDropout(parameters[Alpha], parameters[S], parameters[Beta]);
        var logLeast = parameters[Alpha] <= parameters[Beta] ? _logAlpha : _logBeta;
        FixedChunks.Sum(
            0,
            _data.GroupCount,
            _threads,
            sums,
            (start, end, partial) => AddDropout(r, dropout, logLeast, start, end, partial));

        var scale = 1.0 / Customers;
        for (var i = 0; i < 4; i++)
        {
            gradient[i] = sums[1 + i] * scale;
            for (var j = i; j < 4; j++)
            {
                hessian[(4 * i) + j] = sums[ParetoNbdDropout.Second(i, j)] * scale;
            }
        }

        return sums[0] * scale;
    }

    /// <summary>ln of Gamma(r+x)/Gamma(r), over all customers.</summary>
    private void AddFrequencies(double r, Span<double> sums)
    {
        for (var j = 0; j < _moreThan.Length; j++)
        {
            var (n, inverse) = (_moreThan[j], 1 / (r + j));
            sums[0] += n * Math.Log(r + j);
            sums[1 + R] += n * inverse;
            sums[ParetoNbdDropout.Second(R, R)] -= n * inverse * inverse;
        }
    }

    /// <summary>
    /// r ln alpha - (r + x) ln(alpha + T) + s ln beta - s ln(beta + T), over all customers; fills the tables of the times on the way.
    /// </summary>
    private void AddAges(ReadOnlySpan<double> parameters, Span<double> sums)
    {
        var (r, alpha, s, beta) = (parameters[R], parameters[Alpha], parameters[S], parameters[Beta]);
        var (logAlpha, logBeta) = (Math.Log(alpha), Math.Log(beta));
        for (var i = 0; i < _logAlpha.Length; i++)
        {
            var time = _data.Times[i];
            _logAlpha[i] = Math.Log(alpha + time);
            _logBeta[i] = Math.Log(beta + time);
            var customers = _customersOfAge[i];
            if (customers > 0)
            {
                var (exponent, iT, jT) = ((r * customers) + _repeatsOfAge[i], 1 / (alpha + time), 1 / (beta + time));
                var (a, b) = (_logAlpha[i], _logBeta[i]);
                sums[0] += (customers * ((r * logAlpha) + (s * (logBeta - b)))) - (exponent * a);
                sums[1 + R] += customers * (logAlpha - a);
                sums[1 + Alpha] += (customers * r / alpha) - (exponent * iT);
                sums[1 + S] += customers * (logBeta - b);
                sums[1 + Beta] += customers * s * ((1 / beta) - jT);
                sums[ParetoNbdDropout.Second(R, Alpha)] += customers * ((1 / alpha) - iT);
                sums[ParetoNbdDropout.Second(Alpha, Alpha)] += (exponent * iT * iT) - (customers * r / alpha / alpha);
                sums[ParetoNbdDropout.Second(S, Beta)] += customers * ((1 / beta) - jT);
                sums[ParetoNbdDropout.Second(Beta, Beta)] += customers * s * ((jT * jT) - (1 / beta / beta));
            }
        }
    }

    private void AddDropout(double r, ParetoNbdDropout dropout, double[] logLeast, int start, int end, Span<double> sums)
    {
        var frequency = _data.Frequency;
        var recency = _data.Recency;
        var age = _data.Age;
        var count = _data.Count;
        var times = _data.Times;
        for (var i = start; i < end; i++)
        {
            var (from, to) = (recency[i], age[i]);
            dropout.Add(
                r + frequency[i],
                times[from],
                times[to],
                logLeast[from] - logLeast[to],
                _logAlpha[from] - _logAlpha[to],
                _logBeta[from] - _logBeta[to],
                count[i],
                sums);
        }
    }
}
