using Clv.Functions.Lookup;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Shows customers' scores on the terminal.</summary>
internal static class CustomerView
{
    /// <summary>Prints one customer with everything there is.</summary>
    public static void Print(IAnsiConsole console, string id, ServedRun run, CustomerScore score)
    {
        var grid = new Grid().AddColumn().AddColumn();
        if (score.ProbabilityAlive is { } alive)
        {
            grid.AddRow("Future value", $"[bold green]{score.FutureValue:N2}[/] {score.Currency} in the next {score.HorizonWeeks:0.#} weeks, discounted at {score.DiscountRate:P0} a year");
            if (score.ValueHigh is { } high)
            {
                grid.AddRow("", high > 0
                    ? $"in 4 of 5 cases it will be {score.ValueLow:N2} to {high:N2} {score.Currency}"
                    : $"most likely no purchase ({score.NoPurchase:P0})");
            }

            if (score.MarginRate is { } margin)
            {
                grid.AddRow("", $"contribution margin, {margin:P1} of revenue");
            }

            grid.AddRow("Historic value", $"{score.HistoricValue:N2} {score.Currency}{(score.MarginRate is null ? "" : " revenue")}");
            grid.AddRow("Probability alive", $"{alive:P1}");
            grid.AddRow("Expected purchases", $"{score.ExpectedTransactions:0.00} at {score.ExpectedSpend:N2} each");
            grid.AddRow("Purchases so far", $"{score.Frequency + 1} from {score.FirstPurchase:yyyy-MM-dd} to {score.LastPurchase:yyyy-MM-dd}");
        }
        else
        {
            grid.AddRow("Historic value", $"{score.HistoricValue:N2} {score.Currency}");
            grid.AddRow("", "No purchase yet that was not undone, so there is no forecast.");
        }

        console.Write(new Panel(grid).Header($" Customer {Markup.Escape(id)} ").RoundedBorder());
        console.MarkupLine($"[grey]From run {run.Id} of {run.Date:yyyy-MM-dd}, published {run.AgeHours:0.#} hours ago, {(run.Model is { } model ? $"by {Markup.Escape(model.Name)}{(model.Kept ? $" kept from run {model.FittedIn}" : "")}" : "by an earlier version")}[/]");
    }

    /// <summary>Prints some customers, a line each.</summary>
    public static void PrintTable(IAnsiConsole console, IEnumerable<(string Id, CustomerScore Score)> customers)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("Some customers").AddColumn("Customer")
            .AddColumn(new TableColumn("Buys").RightAligned())
            .AddColumn(new TableColumn("Last").NoWrap())
            .AddColumn(new TableColumn("P(alive)").RightAligned())
            .AddColumn(new TableColumn("Expected").RightAligned())
            .AddColumn(new TableColumn("Historic").RightAligned())
            .AddColumn(new TableColumn("Future value").RightAligned());
        foreach (var (id, score) in customers)
        {
            table.AddRow(
                Markup.Escape(id),
                $"{score.Frequency + 1}",
                $"{score.LastPurchase:yyyy-MM-dd}",
                $"{score.ProbabilityAlive:P0}",
                $"{score.ExpectedTransactions:0.00}",
                $"{score.HistoricValue:N2}",
                $"[green]{score.FutureValue:N2}[/]");
        }

        console.Write(table);
    }
}
