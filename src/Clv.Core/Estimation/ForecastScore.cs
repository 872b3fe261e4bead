using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>How a forecast of the held-out weeks compared with what happened.</summary>
public sealed record ForecastScore
{
    /// <summary>The most classes of <see cref="Frequencies"/>.</summary>
    public const int FrequencyClasses = 8;

    /// <summary>The model's id or the baseline's name.</summary>
    public required string Forecast { get; init; }

    /// <summary>The segment it is about; null for all customers.</summary>
    public string? Segment { get; init; }

    /// <summary>Customers with a purchase by the cutoff.</summary>
    public required long Customers { get; init; }

    /// <summary>Occasions forecast in all.</summary>
    public required double PredictedOccasions { get; init; }

    /// <summary>Occasions that happened.</summary>
    public required double ActualOccasions { get; init; }

    /// <summary>Mean absolute error of a customer's occasions.</summary>
    public required double MeanAbsoluteError { get; init; }

    /// <summary>
    /// The same of the whole-number forecasts that add up to the expected total (<see cref="WholeOccasions"/>); null where it was not tested.
    /// </summary>
    public double? WholeMeanAbsoluteError { get; init; }

    /// <summary>Root mean squared error of a customer's occasions: what models are chosen by, because the expectation makes it least.</summary>
    public required double RootMeanSquaredError { get; init; }

    /// <summary>Value forecast in all, in the currency of the amounts, undiscounted.</summary>
    public required double PredictedValue { get; init; }

    /// <summary>Net amounts of the held-out weeks.</summary>
    public required double ActualValue { get; init; }

    /// <summary>
    /// Share of the actual value that the tenth of customers with the highest forecast value brought; 0 when there was none.
    /// </summary>
    public required double TopDecileShare { get; init; }

    /// <summary>Share of customers whose actual value lay within their interval; null where intervals were not tested.</summary>
    public double? IntervalCoverage { get; init; }

    /// <summary>
    /// What the intervals said that share would be: 80 %, and more for customers of whom no purchase at all is likelier than that.
    /// </summary>
    public double? ClaimedCoverage { get; init; }

    /// <summary>Tenths of the customers by forecast occasions, highest first.</summary>
    public required IReadOnlyList<CalibrationDecile> Deciles { get; init; }

    /// <summary>
    /// The customers by their repeat occasions up to the cutoff: 0, 1, 2 ... as far as there are any, 7 with all above.
    /// </summary>
    public IReadOnlyList<CalibrationFrequency> Frequencies { get; init; } = [];

    /// <summary>The forecast total over the actual one, less 1; null when nothing happened.</summary>
    public double? TotalError => ActualOccasions > 0 ? (PredictedOccasions / ActualOccasions) - 1 : null;
}

/// <summary>A tenth of the customers.</summary>
/// <param name="Customers">How many.</param>
/// <param name="Predicted">Mean occasions forecast.</param>
/// <param name="Actual">Mean occasions that happened.</param>
public sealed record CalibrationDecile(long Customers, double Predicted, double Actual);

/// <summary>The customers with some number of repeat occasions up to the cutoff.</summary>
/// <param name="Frequency">The number, the least of the class where it is the last.</param>
/// <param name="Customers">How many.</param>
/// <param name="Predicted">Mean occasions forecast.</param>
/// <param name="Actual">Mean occasions that happened.</param>
public sealed record CalibrationFrequency(int Frequency, long Customers, double Predicted, double Actual);
