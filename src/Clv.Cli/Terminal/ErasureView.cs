using Clv.Functions.Privacy;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Shows the receipt of an erasure on the terminal.</summary>
internal static class ErasureView
{
    /// <summary>Prints a receipt.</summary>
    public static void Print(IAnsiConsole console, ErasureAnswer answer)
    {
        console.MarkupLine(answer.DoneAt is { } done
            ? $"[green bold]Erased[/] at {done:yyyy-MM-dd HH:mm} UTC, asked for at {answer.RequestedAt:yyyy-MM-dd HH:mm} by {Markup.Escape(answer.RequestedBy)}"
            : $"[yellow bold]Recorded[/] at {answer.RequestedAt:yyyy-MM-dd HH:mm} UTC by {Markup.Escape(answer.RequestedBy)}, and not done yet");
        console.MarkupLine($"[grey]Pseudonym {answer.Key}[/]");
        if (answer.Runs.Count == 0)
        {
            console.WriteLine("No run held anything of this person.");
        }
        else
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumn("Removed");
            foreach (var run in answer.Runs)
            {
                table.AddColumn(new TableColumn(run.OrEarlier ? $"{run.Run} and before" : run.Run).RightAligned());
            }

            table.AddColumn(new TableColumn("All").RightAligned());
            foreach (var (name, count) in Kinds)
            {
                if (count(answer.Removed) > 0)
                {
                    table.AddRow([name, .. answer.Runs.Select(run => $"{count(run.Removed):N0}"), $"[bold]{count(answer.Removed):N0}[/]"]);
                }
            }

            console.Write(table);
        }

        foreach (var note in answer.Notes)
        {
            console.MarkupLine($"  [grey]{Markup.Escape(note)}[/]");
        }
    }

    private static IReadOnlyList<(string Name, Func<Removed, int> Count)> Kinds { get; } =
    [
        ("Scores", static removed => removed.Scores),
        ("Exported scores", static removed => removed.Exported),
        ("Callers", static removed => removed.Callers),
        ("Profiles", static removed => removed.Profiles),
        ("Transactions", static removed => removed.Transactions),
        ("Contracts", static removed => removed.Contracts),
        ("Contacts", static removed => removed.Interactions),
        ("Standings", static removed => removed.Standings),
        ("Events", static removed => removed.Events),
        ("Rows set aside", static removed => removed.Quarantined),
    ];
}
