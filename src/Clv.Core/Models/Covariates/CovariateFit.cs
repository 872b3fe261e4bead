using MathNet.Numerics.LinearAlgebra;

namespace Clv.Core.Models.Covariates;

/// <summary>Maximum-likelihood estimation of a <see cref="CovariateModel"/>.</summary>
/// <remarks>
/// Fader and Hardie (2007), note 019. Deterministic: the same data give the same bits on any number of threads. In the result the covariance
/// is that of the logarithms of the model's own parameters and of the coefficients as they are.
/// </remarks>
public static class CovariateFit
{
    /// <summary>The largest effect of one standard deviation of a covariate, as a logarithm of a ratio: a factor of 160,000.</summary>
    private const double LargestEffect = 12;

    /// <summary>Fits a model.</summary>
    /// <param name="kind">Which model, and what covariates act on in it.</param>
    /// <param name="data">The histories with their covariates.</param>
    /// <param name="warmStart">
    /// A model of the same kind and covariates to start from besides the fit without covariates, say last night's; others are left aside.
    /// </param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<CovariateModel> Run(
        CovariateModelKind kind,
        CovariateHistories data,
        CovariateModel? warmStart = null,
        FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        var histories = data.WithoutCovariates();
        var plain = TransactionModels.Find(kind.Id).Fit(histories, null, options);
        if (plain.Verdict == FitVerdict.TooLittleData)
        {
            return MaximumLikelihood.TooLittle<CovariateModel>(data.Customers, plain.Reason);
        }

        var scale = new CovariateScale(data);
        if (scale.Objection is { } reason)
        {
            return MaximumLikelihood.TooLittle<CovariateModel>(data.Customers, reason);
        }

        var level = BuyingLevel.Of(histories);
        var effects = kind.Effects.SelectMany(effect => data.Names.Select(name => CovariateModelKind.CoefficientName(effect, name))).ToArray();
        ParameterLimits[] limits =
        [
            .. kind.Limits(level.Rate),
            .. effects.Select(static name => new ParameterLimits(
                name, 0, Math.Exp(-LargestEffect), Math.Exp(LargestEffect), "the effect has no bound", "the effect has no bound")),
        ];
        var none = Enumerable.Repeat(1.0, effects.Length).ToArray();
        var starts = new List<double[]> { (double[])[.. kind.Start(level), .. none] };
        if (plain.Parameters.Count > 0)
        {
            starts.Insert(0, [.. plain.Parameters.Select(static p => p.Estimate), .. none]);
        }

        var transform = Transform(kind, scale, data.Names.Count);
        if (warmStart is not null && warmStart.Kind == kind && warmStart.Covariates.SequenceEqual(data.Names, StringComparer.Ordinal))
        {
            var own = kind.Parameters.Count;
            var logs = Vector<double>.Build.DenseOfEnumerable(warmStart.Parameters.Select((p, i) => i < own ? Math.Log(p.Value) : p.Value));
            starts.Insert(0, [.. transform.Solve(logs).Select(Math.Exp)]);
        }

        var likelihood = new CovariateLikelihood(kind, data, scale.Profiles, FixedChunks.Threads(options));
        var search = MaximumLikelihood.Run(likelihood, limits, starts, options, static p => p, kind.Prior(level));
        if (search.Model is { } found && AtLimit(kind, data, likelihood, limits, found) is { } limit)
        {
            search = search with { Verdict = FitVerdict.Boundary, Reason = limit, Model = null };
        }

        return PerUnit(kind, data, transform, search);
    }

    /// <summary>
    /// Covariates can take one group of customers to a limit while those of mean covariates stay clear of it. That is no more a maximum than
    /// where all do.
    /// </summary>
    private static string? AtLimit(
        CovariateModelKind kind,
        CovariateHistories data,
        CovariateLikelihood likelihood,
        ParameterLimits[] limits,
        double[] parameters)
    {
        for (var profile = 0; profile < data.Profiles.Count; profile++)
        {
            var own = likelihood.ParametersOf(profile, parameters);
            for (var i = 0; i < kind.Parameters.Count; i++)
            {
                var high = own[i] >= limits[i].Highest;
                if (high || own[i] <= limits[i].Lowest)
                {
                    var who = string.Join(", ", data.Names.Select((name, j) => FormattableString.Invariant($"{name} {data.Profiles[profile][j]:g6}")));
                    return $"For customers with {who}, {limits[i].Name} ran to its {(high ? "upper" : "lower")} limit: {(high ? limits[i].AtHighest : limits[i].AtLowest)}.";
                }
            }
        }

        return null;
    }

    /// <summary>
    /// From logarithms at mean covariates and per standard deviation to those at covariates of 0 and coefficients per unit.
    /// </summary>
    private static Matrix<double> Transform(CovariateModelKind kind, CovariateScale scale, int covariates)
    {
        var own = kind.Parameters.Count;
        var transform = Matrix<double>.Build.DenseIdentity(own + (kind.Effects.Count * covariates));
        for (var e = 0; e < kind.Effects.Count; e++)
        {
            for (var j = 0; j < covariates; j++)
            {
                var at = own + (covariates * e) + j;
                transform[at, at] = scale.PerUnit(j);
                transform[kind.Effects[e].Parameter, at] = -kind.Effects[e].Sign * scale.AtMean(j);
            }
        }

        return transform;
    }

    private static ModelFit<CovariateModel> PerUnit(
        CovariateModelKind kind,
        CovariateHistories data,
        Matrix<double> transform,
        ModelFit<double[]> search)
    {
        var fit = new ModelFit<CovariateModel>
        {
            Verdict = search.Verdict,
            Reason = search.Reason,
            LogLikelihood = search.LogLikelihood,
            Customers = search.Customers,
            GradientNorm = search.GradientNorm,
            Iterations = search.Iterations,
            Starts = search.Starts,
            StartsAgreeing = search.StartsAgreeing,
        };
        var n = search.Parameters.Count;
        if (n == 0)
        {
            return fit;
        }

        var own = kind.Parameters.Count;
        var values = (transform * Vector<double>.Build.Dense(n, i => Math.Log(search.Parameters[i].Estimate))).ToArray();
        for (var i = 0; i < own; i++)
        {
            values[i] = Math.Exp(values[i]);
        }

        if (!Array.TrueForAll(values, double.IsFinite) || values.AsSpan(0, own).ContainsAnyInRange(double.NegativeInfinity, 0))
        {
            return fit with
            {
                Verdict = FitVerdict.NonFinite,
                Reason = "A parameter at covariates of 0 is not a finite number; subtract from each covariate a value near its mean.",
            };
        }

        var covariance = search.LogCovariance.Count == 0
            ? null
            : transform * Matrix<double>.Build.Dense(n, n, [.. search.LogCovariance]).TransposeAndMultiply(transform);
        double? Error(int i) => covariance is null ? null : Math.Sqrt(covariance[i, i]) * (i < own ? values[i] : 1);
        return fit with
        {
            Model = search.Model is null
                ? null
                : new CovariateModel(kind, [.. data.Names], values[..own], [.. values[own..].Chunk(data.Names.Count)]),
            Parameters = [.. search.Parameters.Select((p, i) => new FittedParameter(p.Name, values[i], Error(i)))],
            LogCovariance = covariance?.ToRowMajorArray() ?? [],
        };
    }
}
