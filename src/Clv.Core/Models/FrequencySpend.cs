namespace Clv.Core.Models;

/// <summary>
/// A spend model for customers whose values go with how often they buy: those of a customer with n observed occasions are
/// <c>(1 + n)^exponent</c> times those of the model inside.
/// </summary>
/// <param name="inner">The model of the values with that factor taken out.</param>
/// <param name="exponent">Above 0 where frequent buyers spend more per occasion, below 0 where they spend less; finite.</param>
public sealed class FrequencySpend(ISpendModel inner, double exponent) : ISpendModel
{
    /// <summary>The model of the values with the factor taken out.</summary>
    public ISpendModel Inner => inner;

    /// <summary>The name of the exponent among the parameters.</summary>
    public const string ExponentName = "exponent";

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters => [.. inner.Parameters, new(ExponentName, exponent)];

    /// <inheritdoc/>
    /// <remarks>Of a customer without a repeat occasion, of whom the least is known; those with more have the factor of theirs.</remarks>
    public double PopulationMean => inner.PopulationMean;

    /// <summary>The factor of a customer with so many observed occasions.</summary>
    public static double Factor(int count, double exponent) => Math.Pow(1 + (double)count, exponent);

    /// <inheritdoc/>
    public double ExpectedValue(int count, double mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var factor = Factor(count, exponent);
        return factor * inner.ExpectedValue(count, mean / factor);
    }

    /// <inheritdoc/>
    public double TotalProbability(int count, double mean, int occasions, double total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var factor = Factor(count, exponent);
        return inner.TotalProbability(count, mean / factor, occasions, total / factor);
    }
}
