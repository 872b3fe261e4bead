using Clv.Functions.Night;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Shows the runs as a table, the latest first.</summary>
internal static class RunsView
{
    private const int MaxReason = 100;

    /// <summary>Prints the runs.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="list">The runs.</param>
    /// <param name="folder">What a command needs to find the same storage, with a space before it; or empty.</param>
    public static void Print(IAnsiConsole console, RunList list, string folder)
    {
        if (list.Runs.Count == 0)
        {
            console.WriteLine("There is no run yet.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("Run")
            .AddColumn("Date")
            .AddColumn("State")
            .AddColumn("Served")
            .AddColumn("Ended (UTC)")
            .AddColumn("Reason");
        foreach (var run in list.Runs)
        {
            table.AddRow(
                run.Run,
                $"{run.Date:yyyy-MM-dd}",
                run.State switch
                {
                    RunState.Held => "[yellow]held[/]",
                    RunState.Failed => "[red]failed[/]",
                    var state => state.ToString().ToLowerInvariant(),
                },
                run.Published ? "[green]yes[/]" : run.CanPublish ? "can be" : "",
                run.EndedAt is { } ended ? $"{ended:yyyy-MM-dd HH:mm}" : "",
                Markup.Escape(Short(run.State == RunState.Published && run.ReleasedBy is { } by ? $"Had been held; released by {by}." : run.Reason ?? "")));
        }

        console.Write(table);
        if (list.Served is { MovedBy: { } mover, MovedAt: { } at } served && mover != Pointer.Night)
        {
            var from = served.MovedFrom is { } before ? $" in place of run {before}" : "";
            console.MarkupLine($"Lookups are served from run {served.Run}{from} since {at:yyyy-MM-dd HH:mm} UTC, by {Markup.Escape(mover)}.");
        }

        if (list.Runs.FirstOrDefault(static run => run.CanPublish) is { } can)
        {
            console.MarkupLine($"To publish one that can be: [bold]clv runs publish {can.Run}{Markup.Escape(folder)}[/]");
        }
    }

    private static string Short(string text) => text.Length <= MaxReason ? text : $"{text[..MaxReason]} ...";
}
