using Clv.Core.Estimation;

namespace Clv.Cli.Terminal;

/// <summary>Shows models, why they were chosen and how they did in the backtest, as plain lines.</summary>
internal static class ModelView
{
    /// <summary>Writes the lines.</summary>
    public static void Print(TextWriter output, ModelFile model)
    {
        foreach (var line in Lines(model))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>The lines: each model with its parameters, the choice, and a line per forecast of the backtest.</summary>
    public static IEnumerable<string> Lines(ModelFile model)
    {
        yield return Parameters(model.Transactions.Name, model.Transactions.Parameters, model.Transactions.StandardErrors, model.Transactions.LogLikelihood);
        if (model.Spend is { } spend)
        {
            yield return Parameters(spend.Kind, spend.Parameters, spend.StandardErrors, spend.Fallback is null ? spend.LogLikelihood : null)
                + (spend.Fallback is { } why ? $"  (no Gamma-Gamma: {why})" : "");
        }

        if (model.Margins is { } margins)
        {
            yield return $"Contribution margin: {margins.Overall:P1} of revenue";
        }

        yield return $"Choice: {model.Choice}";
        foreach (var (candidate, reason) in model.Refused)
        {
            yield return $"Refused: {candidate}. {reason}";
        }

        var everyone = model.Backtest.Where(static s => s.Segment is null).ToList();
        if (everyone.Count > 0)
        {
            yield return $"Backtest on the last {model.BacktestWeeks:0.#} weeks, {everyone[0].Customers:N0} customers, {everyone[0].ActualOccasions:N0} occasions:";
            foreach (var score in everyone.OrderBy(static s => s.RootMeanSquaredError))
            {
                yield return $"  {score.Forecast,-24} total {score.TotalError,7:+0.0%;-0.0%}  MAE {score.MeanAbsoluteError:0.0000}  "
                    + $"RMSE {score.RootMeanSquaredError:0.0000}  top tenth {score.TopDecileShare:0.0%} of value"
                    + (score.IntervalCoverage is { } held ? $"  whole-number MAE {score.WholeMeanAbsoluteError:0.0000}  intervals held {held:0.0%} (said {score.ClaimedCoverage:0.0%})" : "");
            }
        }

        foreach (var (label, segment) in model.Segments)
        {
            yield return $"Segment {label}: {Parameters(segment.Name, segment.Parameters, segment.StandardErrors, segment.LogLikelihood)}";
        }
    }

    private static string Parameters(
        string name, IReadOnlyDictionary<string, double> parameters, IReadOnlyDictionary<string, double> errors, double? logLikelihood) =>
        $"{name}: "
        + string.Join("  ", parameters.Select(p => $"{p.Key} {p.Value:G6}{(errors.TryGetValue(p.Key, out var error) ? $" ± {error:G2}" : "")}"))
        + (logLikelihood is { } value ? $"  log-likelihood {value:F3}" : "");
}
