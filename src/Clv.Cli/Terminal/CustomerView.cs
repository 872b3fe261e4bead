using Clv.Functions.Lookup;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Shows people's scores on the terminal.</summary>
internal static class CustomerView
{
    /// <summary>Prints one person with everything there is.</summary>
    public static void Print(IAnsiConsole console, string id, ServedRun run, CustomerAnswer score)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        grid.AddRow("Phase", $"[bold]{Markup.Escape(score.Phase.Label)}[/] since {score.Phase.Since:yyyy-MM-dd}"
            + (score.Tier is { } tier ? $", {Markup.Escape(tier.Label)} since {tier.Since:yyyy-MM-dd}" : ""));
        AddAction(grid, score);
        AddValue(grid, score);
        AddPurchases(grid, score);
        foreach (var contract in score.Contracts)
        {
            grid.AddRow("Contract", $"{Markup.Escape(contract.Product ?? "without a product")}: {contract.Renewals} renewals, "
                + (contract.Cancelled ? $"cancelled, ends {contract.NextRenewal:yyyy-MM-dd}" : $"next {contract.NextRenewal:yyyy-MM-dd}")
                + (contract.RenewalProbability is { } chance && !contract.Cancelled ? $" with a chance of {chance:P0}" : "")
                + (contract.Future is { } future ? $", worth {future:N2}" : ""));
        }

        if (score.Prospect is { } prospect)
        {
            grid.AddRow("Expected value", $"[bold green]{prospect.Expected:N2}[/] {score.Currency}: {prospect.ValueIfWon:N2} if won ({prospect.Low:N2} to {prospect.High:N2}), "
                + $"{prospect.Conversion:P0} become customers; from {prospect.Customers:N0} customers alike");
        }

        if (score.Change is { } change)
        {
            grid.AddRow("Since last night", $"{change.Total:+#,0.00;-#,0.00;0.00} {score.Currency}"
                + (change.Causes.Count > 0 ? $": {Markup.Escape(string.Join(' ', change.Causes.Select(static c => c.Label)))}" : ""));
        }

        console.Write(new Panel(grid).Header($" Customer {Markup.Escape(id)} ").RoundedBorder());
        PrintSource(console, run);
    }

    /// <summary>Prints where scores come from.</summary>
    public static void PrintSource(IAnsiConsole console, ServedRun run) =>
        console.MarkupLine($"[grey]From run {run.Id} of {run.Date:yyyy-MM-dd}, published {run.AgeHours:0.#} hours ago, {(run.Model is { } model ? $"by {Markup.Escape(model.Name)}{(model.Kept ? $" kept from run {model.FittedIn}" : "")}" : "by an earlier version")}[/]");

    /// <summary>What is shown of somebody of whom only the pseudonym is known.</summary>
    public static string ShortKey(string key) => key[..8];

    /// <summary>Prints some people, a line each.</summary>
    public static void PrintTable(IAnsiConsole console, string title, IEnumerable<(string Id, CustomerAnswer Score)> people)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(title)).AddColumn("Customer")
            .AddColumn("Phase")
            .AddColumn("Tier")
            .AddColumn(new TableColumn("Historic").RightAligned())
            .AddColumn(new TableColumn("Future").RightAligned())
            .AddColumn(new TableColumn("Lifetime").RightAligned())
            .AddColumn("Next action");
        foreach (var (id, score) in people)
        {
            table.AddRow(
                Markup.Escape(id),
                Markup.Escape(score.Phase.Label),
                Markup.Escape(score.Tier?.Label ?? ""),
                score.Value is { } value ? $"{value.Historic:N2}" : "",
                score.Value is { } worth ? $"{worth.Future:N2}" : $"{score.Prospect?.Expected:N2}",
                score.Value is { } whole ? $"[green]{whole.Lifetime:N2}[/]" : "",
                Markup.Escape(score.Action is { } action ? action.Title + (action.Category is { } category ? $": {category}" : "") : ""));
        }

        console.Write(table);
    }

    private static void AddAction(Grid grid, CustomerAnswer score)
    {
        if (score.Action is not { } action)
        {
            return;
        }

        grid.AddRow("Next action", $"[bold yellow]{Markup.Escape(action.Title)}[/]{(action.Due is { } due ? $" by {due:yyyy-MM-dd}" : "")}");
        grid.AddRow("", $"[italic]{Markup.Escape(action.Sentence)}[/]");
        foreach (var reason in action.Reasons)
        {
            grid.AddRow("", $"• {Markup.Escape(reason.Sentence)}");
        }
    }

    private static void AddValue(Grid grid, CustomerAnswer score)
    {
        if (score.Value is not { } value)
        {
            return;
        }

        grid.AddRow("Lifetime value", $"[bold green]{value.Lifetime:N2}[/] {score.Currency} ({Markup.Escape(score.ValueLabel ?? "")})");
        grid.AddRow("  historic", $"{value.Historic:N2}: {value.Contribution:N2} less {score.Costs!.Total:N2} costs so far");
        grid.AddRow("  future", $"{value.Future:N2} in the next {score.HorizonWeeks:0.#} weeks, discounted at {score.DiscountRate:P0} a year"
            + (value.High is not { } high ? ""
                : value.Low < high ? $"; in 4 of 5 cases {value.Low:N2} to {high:N2}"
                : $"; most likely no purchase ({score.Purchases?.NoPurchase:P0})"));
        if (value.Plain is { } plain)
        {
            grid.AddRow("  plain formula", $"{plain.Value:N2}: {plain.LifetimeYears:0.0} years x {plain.RevenuePerYear:N2} a year x {plain.MarginRate:P0} - {plain.Costs:N2}");
        }
    }

    private static void AddPurchases(Grid grid, CustomerAnswer score)
    {
        if (score.Purchases is not { } purchases)
        {
            return;
        }

        grid.AddRow("Purchases so far", $"{purchases.Frequency + 1} from {purchases.First:yyyy-MM-dd} to {purchases.Last:yyyy-MM-dd}");
        grid.AddRow("Expected", $"{purchases.Expected:0.00} at {purchases.Spend:N2} each; {purchases.ProbabilityAlive:P1} probability of buying on");
        if (score.Behaviour is { } behaviour)
        {
            grid.AddRow("Behaviour", $"purchases x {behaviour.Factor:0.00} ("
                + string.Join(", ", behaviour.Effects.Select(static e => $"{e.Measure} {e.Factor - 1:+0%;-0%;0%}")) + ")");
        }
    }
}
