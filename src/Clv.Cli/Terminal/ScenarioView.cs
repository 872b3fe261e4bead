using Clv.Core.Portfolio;
using Clv.Functions.Lookup;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Shows on the terminal what changes would do.</summary>
internal static class ScenarioView
{
    /// <summary>Prints the result, whole and by segment.</summary>
    public static void Print(IAnsiConsole console, ServedPortfolio served, IReadOnlyList<ScenarioChange> changes, ScenarioResult result)
    {
        console.MarkupLine($"[bold]{Markup.Escape(string.Join(", ", changes.Select(static c => $"{c.Lever} {c.Percent:+0.##;-0.##} %")))}[/]"
            + $"{(changes[0].Segment is { } segment ? $" for segment {Markup.Escape(segment)}" : "")}: future value of {result.Customers:N0} customers");
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Segment")
            .AddColumn(new TableColumn("Before").RightAligned())
            .AddColumn(new TableColumn("After").RightAligned())
            .AddColumn(new TableColumn("Difference").RightAligned())
            .AddColumn(new TableColumn("in 4 of 5 cases").RightAligned());
        foreach (var row in result.Segments)
        {
            table.AddRow(
                row.Segment switch { null => "[grey]others[/]", "" => "[grey]none[/]", var name => Markup.Escape(name) },
                $"{row.Before.Value:N2}",
                $"{row.After.Value:N2}",
                $"{row.Difference.Value:+#,0.00;-#,0.00;0.00}",
                Range(row.Difference));
        }

        table.AddRow("[bold]All[/]", $"{result.Before.Value:N2}", $"{result.After.Value:N2}", $"[bold]{result.Difference.Value:+#,0.00;-#,0.00;0.00}[/]", Range(result.Difference));
        console.Write(table);
        if (result.Prospects > 0)
        {
            var (before, after, difference) = result.ProspectsLifetime;
            console.MarkupLine($"{result.Prospects:N0} prospects, over a lifetime: {before.Value:N2} before, {after.Value:N2} after ({difference.Value:+#,0.00;-#,0.00;0.00})");
        }

        console.MarkupLine($"[grey]From run {served.Run} of {served.Date:yyyy-MM-dd}{(served.Currency is { } currency ? $", amounts in {currency}" : "")}[/]");
    }

    private static string Range(ScenarioValue value) => value is { Low: { } low, High: { } high } ? $"{low:+#,0.00;-#,0.00;0.00} to {high:+#,0.00;-#,0.00;0.00}" : "";
}
