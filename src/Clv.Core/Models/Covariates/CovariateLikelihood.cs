namespace Clv.Core.Models.Covariates;

/// <summary>
/// The log-likelihood of histories with covariates and its analytic derivatives. Its parameters are the model's own at mean covariates, then
/// for each effect and covariate the ratio <c>exp(coefficient)</c> that one standard deviation of the covariate makes: a number above zero like
/// the others, whose logarithm, in which the search moves, is the coefficient itself.
/// </summary>
/// <remarks>
/// The logarithms of a customer's parameters are linear in the logarithms of these parameters. So a profile's histories are added up in four
/// log-parameters and spread over the others once. A profile of many histories, as categories make them, has the likelihood of the model without
/// covariates do the adding.
/// </remarks>
internal sealed class CovariateLikelihood : IMeanLogLikelihood
{
    /// <summary>From so many distinct histories on a profile is worth the tables of a likelihood of its own.</summary>
    private const int ManyHistories = 200;

    /// <summary>The largest logarithm of a customer's parameter: far from what a fit may end at, and its square is a number still.</summary>
    private const double LargestLog = 300;

    private readonly CovariateModelKind _kind;
    private readonly double[][] _profiles;
    private readonly int _threads;
    private readonly int _own;
    private readonly int _covariates;

    /// <summary>Which of a customer's own parameters each parameter moves.</summary>
    private readonly int[] _moved;

    /// <summary>The histories of profiles with few of them.</summary>
    private readonly CovariateHistories.Row[] _rows;

    private readonly List<(int Profile, IMeanLogLikelihood Likelihood)> _large = [];

    public CovariateLikelihood(CovariateModelKind kind, CovariateHistories data, double[][] profiles, int threads)
    {
        _kind = kind;
        _profiles = profiles;
        _threads = threads;
        _own = kind.Parameters.Count;
        _covariates = data.Names.Count;
        _moved = [.. Enumerable.Range(0, _own), .. kind.Effects.SelectMany(effect => Enumerable.Repeat(effect.Parameter, _covariates))];
        Customers = data.Customers;
        var small = new List<CovariateHistories.Row>();
        var rows = data.Rows;
        for (var start = 0; start < rows.Length;)
        {
            var end = start;
            while (end < rows.Length && rows[end].Profile == rows[start].Profile)
            {
                end++;
            }

            var some = rows[start..end];
            if (some.Length < ManyHistories)
            {
                small.AddRange(some);
            }
            else
            {
                _large.Add((some[0].Profile, kind.Grouped(CovariateHistories.Without(some.ToArray()), threads)));
            }

            start = end;
        }

        _rows = [.. small];
    }

    public long Customers { get; }

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var n = parameters.Length;
        var logs = Array.ConvertAll(parameters.ToArray(), Math.Log);
        var sums = new double[1 + n + (n * n)];
        AddLarge(logs, sums);
        if (double.IsNaN(sums[0]))
        {
            return double.NaN;
        }

        FixedChunks.Sum(0, _rows.Length, _threads, sums, (start, end, partial) => AddRows(logs, start, end, partial));

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
        Own(Array.ConvertAll(parameters, Math.Log), _profiles[profile], own);
        return own;
    }

    private void AddLarge(double[] logs, Span<double> sums)
    {
        Span<double> own = stackalloc double[_own];
        Span<double> slopes = stackalloc double[_own];
        Span<double> bends = stackalloc double[_own * _own];
        foreach (var (profile, likelihood) in _large)
        {
            if (!Own(logs, _profiles[profile], own))
            {
                sums[0] = double.NaN;
                return;
            }

            bends.Clear();
            double count = likelihood.Customers;
            sums[0] += count * likelihood.Evaluate(own, slopes, bends);
            for (var i = 0; i < _own; i++)
            {
                slopes[i] *= count * own[i];
                for (var j = i; j < _own; j++)
                {
                    bends[(_own * i) + j] *= count * own[i] * own[j];
                }
            }

            Spread(_profiles[profile], slopes, bends, sums);
        }
    }

    private void AddRows(double[] logs, int start, int end, Span<double> sums)
    {
        Span<double> own = stackalloc double[_own];
        Span<double> slope = stackalloc double[_own];
        Span<double> bend = stackalloc double[_own * _own];
        Span<double> slopes = stackalloc double[_own];
        Span<double> bends = stackalloc double[_own * _own];
        for (var at = start; at < end;)
        {
            var profile = _rows[at].Profile;
            if (!Own(logs, _profiles[profile], own))
            {
                sums[0] = double.NaN;
                return;
            }

            slopes.Clear();
            bends.Clear();
            for (; at < end && _rows[at].Profile == profile; at++)
            {
                double count = _rows[at].Count;
                sums[0] += count * _kind.Evaluate(_rows[at], own, slope, bend);
                for (var i = 0; i < _own; i++)
                {
                    slopes[i] += count * own[i] * slope[i];
                    for (var j = i; j < _own; j++)
                    {
                        bends[(_own * i) + j] += count * own[i] * (own[j] * bend[(_own * i) + j]);
                    }
                }
            }

            Spread(_profiles[profile], slopes, bends, sums);
        }
    }

    /// <summary>A profile's own parameters; false where a step of the search has left the range that can be computed with.</summary>
    private bool Own(double[] logs, double[] profile, Span<double> own)
    {
        logs.AsSpan(0, _own).CopyTo(own);
        for (var e = 0; e < _kind.Effects.Count; e++)
        {
            var exponent = 0.0;
            for (var j = 0; j < _covariates; j++)
            {
                exponent += logs[_own + (_covariates * e) + j] * profile[j];
            }

            own[_kind.Effects[e].Parameter] += _kind.Effects[e].Sign * exponent;
        }

        var usable = true;
        foreach (ref var parameter in own)
        {
            usable &= Math.Abs(parameter) < LargestLog;
            parameter = Math.Exp(parameter);
        }

        return usable;
    }

    /// <summary>
    /// From a profile's first derivatives in its log-parameters, and the upper triangle of what its second ones in the parameters come to, to the
    /// derivatives in all log-parameters.
    /// </summary>
    private void Spread(double[] profile, ReadOnlySpan<double> slopes, Span<double> bends, Span<double> sums)
    {
        for (var i = 0; i < _own; i++)
        {
            bends[(_own * i) + i] += slopes[i];
            for (var j = i + 1; j < _own; j++)
            {
                bends[(_own * j) + i] = bends[(_own * i) + j];
            }
        }

        var n = _moved.Length;
        Span<double> by = stackalloc double[n];
        by[.._own].Fill(1);
        for (var i = _own; i < n; i++)
        {
            by[i] = _kind.Effects[(i - _own) / _covariates].Sign * profile[(i - _own) % _covariates];
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
