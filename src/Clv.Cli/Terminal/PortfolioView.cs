using Clv.Core.Portfolio;
using Clv.Core.Valuation;
using Clv.Functions.Lookup;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Shows the portfolio on the terminal: base value, movement, acquisition and budget.</summary>
internal static class PortfolioView
{
    private const int RowsShown = 12;

    /// <summary>Prints the portfolio.</summary>
    public static void Print(IAnsiConsole console, ServedPortfolio served)
    {
        var (portfolio, total) = (served.Portfolio, served.Portfolio.Total);
        console.MarkupLine(
            $"[bold]{total.Customers:N0}[/] customers worth [bold green]{total.Future:N2}[/] {served.Currency} in the next {portfolio.HorizonWeeks:0.#} weeks at {portfolio.DiscountRate:P0} a year, "
            + $"[bold]{total.Lifetime:N2}[/] over their lifetime; {total.Prospects:N0} prospects expected to bring {total.ProspectsExpected:N2} over theirs"
            + (total.Others > 0 ? $"; {total.Others:N0} people who are neither have cost {total.OthersCosts:N2}" : ""));
        console.Write(Groups("Phase", portfolio.Phases));
        console.Write(Groups("Tier", portfolio.Tiers));
        console.Write(Groups("Segment", portfolio.Segments));
        if (portfolio.Movement is { } movement)
        {
            console.Write(Movement(movement));
        }

        console.Write(Acquisition(portfolio.Acquisition));
        console.Write(Budget(portfolio.Budget));
        foreach (var note in portfolio.Notes)
        {
            console.MarkupLine($"[grey]{Markup.Escape(Describe(note))}[/]");
        }

        console.MarkupLine($"[grey]From run {served.Run} of {served.Date:yyyy-MM-dd}, published {served.AgeHours:0.#} hours ago[/]");
    }

    private static Table Groups(string title, IReadOnlyList<PortfolioGroup> groups)
    {
        var table = Titled($"By {title.ToLowerInvariant()}", title, "Customers", "Historic", "Future", "Lifetime", "Prospects", "expected");
        foreach (var (name, totals) in groups.OrderByDescending(static g => g.Totals.Future).Take(RowsShown))
        {
            table.AddRow(
                Name(name),
                $"{totals.Customers:N0}",
                $"{totals.Historic:N2}",
                $"[green]{totals.Future:N2}[/]",
                $"{totals.Lifetime:N2}",
                totals.Prospects == 0 ? "" : $"{totals.Prospects:N0}",
                totals.Prospects == 0 ? "" : $"{totals.ProspectsExpected:N2}");
        }

        return table;
    }

    private static Table Movement(BaseMovement movement)
    {
        var table = Titled("Since the night before", "", "Future value", "Lifetime value");
        foreach (var (name, part) in (ReadOnlySpan<(string, Func<ValueMovement, decimal>)>)
            [
                ("the night before", static m => m.Opening), ("new", static m => m.New), ("lost", static m => m.Lost), ("grown", static m => m.Grown),
                ("shrunk", static m => m.Shrunk), ("earned or spent", static m => m.Historic), ("model change", static m => m.Model),
                ("tonight", static m => m.Closing),
            ])
        {
            table.AddRow(name, $"{part(movement.Future):N2}", $"{part(movement.Lifetime):N2}");
        }

        return table;
    }

    private static Table Acquisition(AcquisitionReport report)
    {
        var table = Titled("Acquisition by channel", "Channel", "Customers", "Cost each", "Value each", "Ratio", "Payback", "Pay at most");
        foreach (var row in report.Channels.OrderByDescending(static r => r.Ratio ?? 0).Take(RowsShown))
        {
            table.AddRow(
                Name(row.Channel) + (row.UnderWater == true ? " [red bold]under water[/]" : ""),
                $"{row.Customers:N0}",
                $"{row.CostPerCustomer:N2}",
                $"{row.ValuePerCustomer:N2}",
                $"{row.Ratio:0.0}",
                row.PaybackMonths is { } months ? Payback(months, report.TimeUnit) : "",
                $"{row.MaximumCost:N2}");
        }

        return table;
    }

    private static string Payback(double months, string unit)
    {
        var count = Math.Round(months * unit switch { "week" => ValuationTerms.WeeksPerYear / 12, "year" => 1 / 12.0, _ => 1 }, 1);
        return $"{count:0.#} {unit}{(count == 1 ? "" : "s")}";
    }

    private static Table Budget(IReadOnlyList<BudgetRow> rows)
    {
        var table = Titled("Where the next euro does most", "Segment", "Action", "People", "At stake", "Cost", "Gain (assumed)", "Per euro", "Pays from");
        foreach (var row in rows.Take(RowsShown))
        {
            table.AddRow(
                Name(row.Segment),
                row.Action is { } action ? Core.Relationship.Codes.Of(action) : "others",
                $"{row.Customers:N0}",
                $"{row.Stake:N2}",
                $"{row.Cost:N2}",
                $"{row.Gain:N2}",
                $"{row.ReturnPerEuro:0.00}",
                $"{row.BreakEvenShare:P1}");
        }

        return table;
    }

    private static Table Titled(string title, string first, params string[] numbers)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(title).AddColumn(first);
        foreach (var number in numbers)
        {
            table.AddColumn(number is "Action" ? new TableColumn(number) : new TableColumn(number).RightAligned());
        }

        return table;
    }

    private static string Name(string? name) => name switch { null => "[grey]others[/]", "" => "[grey]none[/]", _ => Markup.Escape(name) };

    private static string Describe(PortfolioNote note) => note switch
    {
        PortfolioNote.MarginsUnknown => "Margins are not known, so amounts are revenue.",
        PortfolioNote.NoLastNight => "There is no earlier night to compare with.",
        PortfolioNote.AcquisitionCostsUnknown => "Nobody's acquisition cost is known: costs, ratios and paybacks are off.",
        PortfolioNote.AcquisitionCostsPartlyUnknown => "Some customers' acquisition cost is not known: costs, ratios and paybacks are those of the others.",
        PortfolioNote.NoActionAssumptions => "The profile assumes nothing of actions: the budget has what is at stake, but no costs and gains.",
        PortfolioNote.IntervalsMissing => "Some future values have no interval: the ranges of scenarios are without their chance.",
        PortfolioNote.ProspectsUnknown => "Prospects cannot be valued: there are no customers to compare them with.",
        PortfolioNote.GroupsPutTogether => "There are more groups than are kept apart: the others are one row.",
        _ => throw new ArgumentOutOfRangeException(nameof(note)),
    };
}
