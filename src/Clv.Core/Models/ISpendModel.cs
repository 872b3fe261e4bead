namespace Clv.Core.Models;

/// <summary>A model of the value of a purchase occasion, at fixed parameters.</summary>
/// <remarks>
/// A customer's spend is two numbers: how many occasions the mean is over, and the mean net value per occasion, above 0. Implementations are
/// immutable, safe to share between threads, and return finite numbers. Amounts are in the currency that the model was estimated in.
/// </remarks>
public interface ISpendModel
{
    /// <summary>The parameters by name: all that is needed to make the model again.</summary>
    IReadOnlyList<KeyValuePair<string, double>> Parameters { get; }

    /// <summary>The value per occasion to expect of a customer of whom nothing is known.</summary>
    double PopulationMean { get; }

    /// <summary>The value per occasion to expect of a customer.</summary>
    /// <param name="count">Occasions observed, 0 or more; at 0 <paramref name="mean"/> is ignored.</param>
    /// <param name="mean">Mean net value per occasion, a finite amount above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    double ExpectedValue(int count, double mean);

    /// <summary>The probability that further occasions of a customer come to no more than a total.</summary>
    /// <param name="count">Occasions observed, 0 or more; at 0 <paramref name="mean"/> is ignored.</param>
    /// <param name="mean">Mean net value per occasion, a finite amount above 0.</param>
    /// <param name="occasions">How many further occasions, 1 or more.</param>
    /// <param name="total">The total, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    double TotalProbability(int count, double mean, int occasions, double total);
}
