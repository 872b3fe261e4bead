namespace Clv.Core.Models;

/// <summary>How a model is fitted. The defaults suit every night; none of them changes the maximum that is looked for.</summary>
public sealed record FitOptions
{
    /// <summary>Threads to use; 0 or less means one per processor. The result is the same to the last bit whatever this is.</summary>
    public int MaxDegreeOfParallelism { get; init; }

    /// <summary>Newton steps allowed from each start; 100 by default.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>Customers with at least one (repeat) occasion below which a fit is refused; 10 by default.</summary>
    public int MinimumRepeaters { get; init; } = 10;
}
