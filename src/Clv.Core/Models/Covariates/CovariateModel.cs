namespace Clv.Core.Models.Covariates;

/// <summary>
/// A model of how often customers buy, given their covariates: a factory of plain models, so that everything a plain model answers can be
/// asked of any customer. Immutable and safe to share between threads.
/// </summary>
public sealed class CovariateModel
{
    private readonly double[] _base;
    private readonly double[][] _coefficients;

    internal CovariateModel(CovariateModelKind kind, string[] covariates, double[] parameters, double[][] coefficients)
    {
        foreach (var parameter in parameters)
        {
            Guard.Positive(parameter);
        }

        foreach (var coefficient in coefficients.SelectMany(static c => c))
        {
            if (!double.IsFinite(coefficient))
            {
                throw new ArgumentOutOfRangeException(nameof(coefficients), coefficient, "Must be a finite number.");
            }
        }

        Kind = kind;
        Covariates = covariates;
        _base = parameters;
        _coefficients = coefficients;
    }

    /// <summary>The model that the covariates act on, and how.</summary>
    public CovariateModelKind Kind { get; }

    /// <summary>The names of the covariates, in the order <see cref="For"/> takes them.</summary>
    public IReadOnlyList<string> Covariates { get; }

    /// <summary>
    /// The parameters of a customer whose covariates are all 0, then the coefficients, each named by what it acts on and the covariate, such as
    /// <c>rate.Gender</c>: all that is needed to make the model again.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters =>
    [
        .. Kind.Parameters.Select((name, i) => KeyValuePair.Create(name, _base[i])),
        .. Kind.Effects.SelectMany((effect, e) => Covariates.Select((name, j) =>
            KeyValuePair.Create(CovariateModelKind.CoefficientName(effect, name), _coefficients[e][j]))),
    ];

    /// <summary>The model of customers with these covariates.</summary>
    /// <param name="covariates">One finite number for each of <see cref="Covariates"/>.</param>
    /// <exception cref="ArgumentException">Another number of covariates.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A covariate is not finite or so extreme that a parameter is no longer a finite number above zero.
    /// </exception>
    public ITransactionModel For(ReadOnlySpan<double> covariates)
    {
        if (covariates.Length != Covariates.Count)
        {
            throw new ArgumentException($"There are {Covariates.Count} covariates, not {covariates.Length}.", nameof(covariates));
        }

        var parameters = (double[])_base.Clone();
        for (var e = 0; e < _coefficients.Length; e++)
        {
            var exponent = 0.0;
            for (var j = 0; j < covariates.Length; j++)
            {
                exponent += _coefficients[e][j] * covariates[j];
            }

            parameters[Kind.Effects[e].Parameter] *= Math.Exp(Kind.Effects[e].Sign * exponent);
        }

        return Kind.Plain(parameters);
    }
}
