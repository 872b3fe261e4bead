using MathNet.Numerics.LinearAlgebra;

namespace Clv.Core.Models;

/// <summary>Runs the search from every start, compares the ends and judges the best one.</summary>
internal static class MaximumLikelihood
{
    /// <summary>At a maximum the mean log-likelihood has a smaller slope than this in every log-parameter.</summary>
    private const double GradientLimit = 1e-8;

    /// <summary>Two ends are the same maximum when no log-parameter differs by more than this.</summary>
    private const double SamePlace = 1e-5;

    /// <summary>An estimate this near to a limit, in log-parameters, has run into it.</summary>
    private const double NearLimit = 1e-3;

    /// <summary>A result may fall this far, relatively, below a start's mean log-likelihood: the rounding of the sums.</summary>
    private const double Rounding = 1e-12;

    /// <param name="likelihood">The surface to climb.</param>
    /// <param name="limits">Its parameters, in the likelihood's order.</param>
    /// <param name="starts">Natural parameters to start from.</param>
    /// <param name="options">Iterations allowed.</param>
    /// <param name="create">Makes the model of accepted natural parameters.</param>
    /// <param name="prior">What <see cref="FitOptions.PriorWeight"/> applies to; none for models that have no prior.</param>
    public static ModelFit<TModel> Run<TModel>(
        IMeanLogLikelihood likelihood,
        IReadOnlyList<ParameterLimits> limits,
        IReadOnlyList<double[]> starts,
        FitOptions options,
        Func<double[], TModel> create,
        IReadOnlyList<ParameterPair>? prior = null)
        where TModel : class
    {
        var penalised = prior is { Count: > 0 } && options.PriorWeight > 0 ? new PenalisedLikelihood(likelihood, prior, options.PriorWeight) : null;
        var surface = new LogParameterSurface(penalised ?? likelihood, limits);
        var ends = starts.Select(start => NewtonAscent.Run(surface, surface.ToLog(start), Math.Max(1, options.MaxIterations))).ToArray();
        var search = new ModelFit<TModel>
        {
            Verdict = FitVerdict.NonFinite,
            Reason = "The likelihood of these data is not a finite number at any starting value.",
            Customers = likelihood.Customers,
            Iterations = ends.Sum(e => e.Evaluations),
            Starts = ends.Length,
        };
        var best = ends.Where(e => e.Point.IsFinite).MaxBy(e => e.Point.Value);
        if (best is null)
        {
            return search;
        }

        var natural = surface.ToNatural(best.Point.Theta);
        var covariance = Covariance(best.Point, likelihood.Customers);
        var errors = covariance?.Diagonal().Select(Math.Sqrt).ToArray();
        var (verdict, reason) = Judge(best, ends, limits, errors);
        return search with
        {
            Verdict = verdict,
            Reason = reason,
            Model = verdict == FitVerdict.Converged ? create(natural) : null,
            Parameters =
            [
                .. limits.Select((l, i) => new FittedParameter(l.Name, natural[i], errors is null ? null : errors[i] * (natural[i] - l.Floor))),
            ],
            LogLikelihood = penalised?.LogLikelihood(natural) ?? best.Point.Value * likelihood.Customers,
            GradientNorm = best.Point.GradientNorm,
            LogCovariance = covariance?.ToRowMajorArray() ?? [],
            StartsAgreeing = ends.Count(e => SameEnd(e.Point.Theta, best.Point.Theta)),
        };
    }

    /// <summary>A refusal before any search.</summary>
    public static ModelFit<TModel> TooLittle<TModel>(long customers, string reason)
        where TModel : class =>
        new() { Verdict = FitVerdict.TooLittleData, Reason = reason, Customers = customers };

    private static (FitVerdict Verdict, string Reason) Judge(Ascent best, Ascent[] ends, IReadOnlyList<ParameterLimits> limits, double[]? errors)
    {
        var point = best.Point;
        var highestStart = ends.Where(e => double.IsFinite(e.StartValue)).Max(e => e.StartValue);
        if (point.Value < highestStart - (Rounding * (1 + Math.Abs(highestStart))))
        {
            return (FitVerdict.WorseThanStart, "The search ended at a lower likelihood than one of its starting values.");
        }

        for (var i = 0; i < limits.Count; i++)
        {
            if (point.Theta[i] - Math.Log(limits[i].Lowest) < NearLimit)
            {
                return (FitVerdict.Boundary, $"{limits[i].Name} ran to its lower limit: {limits[i].AtLowest}.");
            }

            if (Math.Log(limits[i].Highest) - point.Theta[i] < NearLimit)
            {
                return (FitVerdict.Boundary, $"{limits[i].Name} ran to its upper limit: {limits[i].AtHighest}.");
            }
        }

        if (!best.Finished || point.GradientNorm > GradientLimit)
        {
            return (FitVerdict.NotConverged, $"The search stopped after {best.Evaluations} steps with a slope of {point.GradientNorm:g2} left.");
        }

        return errors is null
            ? (FitVerdict.NotConverged, "The likelihood is flat at its highest point, so the data do not tell the parameters apart.")
            : (FitVerdict.Converged, "Converged at an interior maximum.");
    }

    private static bool SameEnd(double[] one, double[] other) => one.Zip(other).All(pair => Math.Abs(pair.First - pair.Second) <= SamePlace);

    /// <summary>The covariance of the log-parameters from the observed information; null unless that is positive definite.</summary>
    private static Matrix<double>? Covariance(SurfacePoint point, long customers)
    {
        var information = Matrix<double>.Build.DenseOfArray(point.Hessian).Multiply(-(double)customers);
        var spectrum = information.Evd(Symmetricity.Symmetric).EigenValues.Select(e => e.Real).ToArray();
        if (spectrum.Min() <= 1e-13 * spectrum.Max())
        {
            return null;
        }

        var covariance = information.Inverse();
        return covariance.Diagonal().All(static v => v >= 0 && double.IsFinite(v)) ? covariance : null;
    }
}
