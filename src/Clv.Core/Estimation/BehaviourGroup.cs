namespace Clv.Core.Estimation;

/// <summary>Held-out customers of one behaviour.</summary>
/// <param name="Measures">The measures by their numbers; null where one is not known.</param>
/// <param name="Even">Sums over those in the first half.</param>
/// <param name="Odd">Sums over those in the second half.</param>
internal sealed record BehaviourGroup(double?[] Measures, OccasionSums Even, OccasionSums Odd)
{
    /// <summary>Sums over all of them.</summary>
    public OccasionSums All { get; } = Even + Odd;
}
