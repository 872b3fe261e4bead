namespace Clv.Cli.Simulation;

/// <summary>What foreign currencies were worth: nobody's rows, so every delivery has all of them.</summary>
internal static class RateFile
{
    /// <summary>The file.</summary>
    public static ExtractTable Table { get; } = new("rates", ["currency", "date", "rate"], "date", static (_, _) => []);

    /// <summary>The rows of the rates that are fixed by the end of a world's last day.</summary>
    public static IEnumerable<object?[]> Rows(ExchangeRates rates) => rates.Rows.Select(static r => (object?[])[r.Currency, r.Month, r.Rate]);
}
