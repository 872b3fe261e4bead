namespace Clv.Core.Models;

/// <summary>How a model is fitted. The defaults suit every night.</summary>
public sealed record FitOptions
{
    /// <summary>Threads to use; 0 or less means one per processor. The result is the same to the last bit whatever this is.</summary>
    public int MaxDegreeOfParallelism { get; init; }

    /// <summary>Newton steps allowed from each start; 100 by default.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>Customers with at least one (repeat) occasion below which a fit is refused; 10 by default.</summary>
    public int MinimumRepeaters { get; init; } = 10;

    /// <summary>
    /// Weight of a weak prior on the mean and the concentration of each mixing distribution; 0, the default, for none. At 1 it counts for
    /// about one customer: too little to move an estimate that the data give, enough to have one where they do not.
    /// </summary>
    public double PriorWeight { get; init; }
}
