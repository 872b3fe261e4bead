namespace Clv.Core.Models.Covariates;

/// <summary>
/// The log-likelihood of histories with covariates and its analytic derivatives. Its parameters are the model's own at mean covariates, then
/// for each effect and covariate the ratio <c>exp(coefficient)</c> that one standard deviation of the covariate makes: a number above zero like
/// the others, whose logarithm, in which the search moves, is the coefficient itself.
/// </summary>
/// <remarks>
/// The logarithms of a customer's parameters are linear in the logarithms of these parameters. So a profile's histories are added up in four
/// log-parameters and spread over the others once.
/// </remarks>
internal sealed class CovariateLikelihood(CovariateModelKind kind, CovariateHistories data, double[][] profiles, int threads) : IMeanLogLikelihood
{
    private readonly int _own = kind.Parameters.Count;
    private readonly int _covariates = data.Names.Count;

    /// <summary>Which of a customer's own parameters each parameter moves.</summary>
    private readonly int[] _moved =
    [
        .. Enumerable.Range(0, kind.Parameters.Count),
        .. kind.Effects.SelectMany(effect => Enumerable.Repeat(effect.Parameter, data.Names.Count)),
    ];

    public long Customers => data.Customers;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var n = parameters.Length;
        var logs = Array.ConvertAll(parameters.ToArray(), Math.Log);
        var sums = new double[1 + n + (n * n)];
        FixedChunks.Sum(0, data.GroupCount, threads, sums, (start, end, partial) => Add(logs, start, end, partial));

        var scale = 1.0 / Customers;
        for (var i = 0; i < n; i++)
        {
            gradient[i] = sums[1 + i] * scale / parameters[i];
            for (var j = i; j < n; j++)
            {
                var bend = sums[1 + n + (n * i) + j] - (i == j ? sums[1 + i] : 0);
                hessian[(n * i) + j] = bend * scale / (parameters[i] * parameters[j]);
            }
        }

        return sums[0] * scale;
    }

    /// <summary>The model's own parameters of customers with a profile.</summary>
    public double[] ParametersOf(int profile, double[] parameters)
    {
        var own = new double[_own];
        Own(Array.ConvertAll(parameters, Math.Log), profiles[profile], own);
        return own;
    }

    /// <summary>Value, gradient and upper triangle of the Hessian in log-parameters.</summary>
    private void Add(double[] logs, int start, int end, Span<double> sums)
    {
        var rows = data.Rows;
        Span<double> own = stackalloc double[_own];
        Span<double> slope = stackalloc double[_own];
        Span<double> bend = stackalloc double[_own * _own];
        Span<double> slopes = stackalloc double[_own];
        Span<double> bends = stackalloc double[_own * _own];
        for (var at = start; at < end;)
        {
            var profile = rows[at].Profile;
            Own(logs, profiles[profile], own);
            slopes.Clear();
            bends.Clear();
            for (; at < end && rows[at].Profile == profile; at++)
            {
                double count = rows[at].Count;
                sums[0] += count * kind.Evaluate(rows[at], own, slope, bend);
                for (var i = 0; i < _own; i++)
                {
                    slopes[i] += count * own[i] * slope[i];
                    for (var j = i; j < _own; j++)
                    {
                        bends[(_own * i) + j] += count * own[i] * (own[j] * bend[(_own * i) + j]);
                    }
                }
            }

            for (var i = 0; i < _own; i++)
            {
                bends[(_own * i) + i] += slopes[i];
                for (var j = i + 1; j < _own; j++)
                {
                    bends[(_own * j) + i] = bends[(_own * i) + j];
                }
            }

            Spread(profiles[profile], slopes, bends, sums);
        }
    }

    private void Own(double[] logs, double[] profile, Span<double> own)
    {
        logs.AsSpan(0, _own).CopyTo(own);
        for (var e = 0; e < kind.Effects.Count; e++)
        {
            var exponent = 0.0;
            for (var j = 0; j < _covariates; j++)
            {
                exponent += logs[_own + (_covariates * e) + j] * profile[j];
            }

            own[kind.Effects[e].Parameter] += kind.Effects[e].Sign * exponent;
        }

        foreach (ref var parameter in own)
        {
            parameter = Math.Exp(parameter);
        }
    }

    /// <summary>From the log-parameters of a profile to all log-parameters.</summary>
    private void Spread(double[] profile, ReadOnlySpan<double> slopes, ReadOnlySpan<double> bends, Span<double> sums)
    {
        var n = _moved.Length;
        Span<double> by = stackalloc double[n];
        by[.._own].Fill(1);
        for (var i = _own; i < n; i++)
        {
            by[i] = kind.Effects[(i - _own) / _covariates].Sign * profile[(i - _own) % _covariates];
        }

        var second = sums[(1 + n)..];
        for (var i = 0; i < n; i++)
        {
            var bend = bends.Slice(_own * _moved[i], _own);
            sums[1 + i] += by[i] * slopes[_moved[i]];
            for (var j = i; j < n; j++)
            {
                second[(n * i) + j] += by[i] * by[j] * bend[_moved[j]];
            }
        }
    }
}
