namespace Clv.Core.Models;

/// <summary>The NBD log-likelihood of grouped histories with its first and second derivatives in (r, alpha): marginals alone.</summary>
internal sealed class NbdLikelihood : IMeanLogLikelihood
{
    private readonly GroupedHistories _data;
    private readonly double[] _moreThan;
    private readonly double[] _customersOfAge;
    private readonly double[] _repeatsOfAge;

    public NbdLikelihood(GroupedHistories data)
    {
        _data = data;
        var marginals = new HistoryMarginals(data);
        _moreThan = marginals.MoreThan;
        _customersOfAge = marginals.CustomersOfAge;
        _repeatsOfAge = marginals.RepeatsOfAge;
    }

    public long Customers => _data.Customers;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var (r, alpha) = (parameters[0], parameters[1]);
        double value = 0, overR = 0, overAlpha = 0, overRR = 0, overRAlpha = 0, overAlphaAlpha = 0;
        for (var j = 0; j < _moreThan.Length; j++)
        {
            var (n, inverse) = (_moreThan[j], 1 / (r + j));
            value += n * Math.Log(r + j);
            overR += n * inverse;
            overRR -= n * inverse * inverse;
        }

        for (var i = 0; i < _customersOfAge.Length; i++)
        {
            var customers = _customersOfAge[i];
            if (customers > 0)
            {
                var (ratio, inverse, repeats) = (_data.Times[i] / alpha, 1 / (alpha + _data.Times[i]), _repeatsOfAge[i]);
                var log = LogMath.Log1p(ratio);
                // 1 / alpha - 1 / (alpha + T) without the subtraction.
                var gap = ratio * inverse;
                value -= (customers * r * log) + (repeats * Math.Log(alpha + _data.Times[i]));
                overR -= customers * log;
                overAlpha += (customers * r * gap) - (repeats * inverse);
                overRAlpha += customers * gap;
                overAlphaAlpha += (repeats * inverse * inverse) - (customers * r * gap * ((1 / alpha) + inverse));
            }
        }

        var scale = 1.0 / Customers;
        gradient[0] = overR * scale;
        gradient[1] = overAlpha * scale;
        hessian[0] = overRR * scale;
        hessian[1] = overRAlpha * scale;
        hessian[3] = overAlphaAlpha * scale;
        return value * scale;
    }
}
