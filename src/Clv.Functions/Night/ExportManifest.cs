using Clv.Core.Estimation;

namespace Clv.Functions.Night;

/// <summary>
/// What <c>manifest.json</c> says of a run's exported scores: that they are complete and may be read, and how to check that. It stands beside them from
/// when the run is served first.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Date">The date of its extracts, which is the end of the observation window.</param>
/// <param name="Currency">The currency of all amounts; null when it is not stated.</param>
/// <param name="HorizonWeeks">Weeks of the future that count.</param>
/// <param name="DiscountRate">Discount rate a year, effective.</param>
/// <param name="Models">The models in short; null when another version of this program wrote them.</param>
/// <param name="Rows">People in all files together.</param>
/// <param name="Files">The files with their rows and hashes, as an extract's manifest has them.</param>
public sealed record ExportManifest(
    string Run,
    DateOnly Date,
    string? Currency,
    double HorizonWeeks,
    double DiscountRate,
    ExportedModels? Models,
    long Rows,
    IReadOnlyList<ManifestFile> Files);

/// <summary>A run's models in short; the rest is in <c>clv-models</c>.</summary>
/// <param name="Purchases">The id of everybody's model of purchases.</param>
/// <param name="FittedIn">The run whose customers it was estimated on: an earlier one when this run's fits were refused.</param>
/// <param name="Segments">How many segments have a model of purchases of their own.</param>
/// <param name="Spend">The id of the model of spend; null without one.</param>
public sealed record ExportedModels(string Purchases, string FittedIn, int Segments, string? Spend)
{
    internal static ExportedModels Of(ModelFile models) =>
        new(models.Transactions.Kind, models.Transactions.FittedIn, models.Segments.Count, models.Spend?.Kind);
}
