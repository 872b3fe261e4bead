using Clv.Functions.Night;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Shows a night on the terminal: a bar per phase while it runs, then what came of it.</summary>
internal static class NightView
{
    /// <summary>Runs a night under progress bars; without a terminal, without them.</summary>
    public static async Task<RunReport> WatchAsync(IAnsiConsole console, Func<Action<RunReport>, Task<RunReport>> run)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return await run(static _ => { });
        }

        return await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async progress =>
            {
                var bars = Enum.GetValues<Phase>().ToDictionary(static p => p, p => progress.AddTask(p.ToString(), autoStart: false));
                return await run(report =>
                {
                    foreach (var phase in report.Phases)
                    {
                        var bar = bars[phase.Phase];
                        bar.MaxValue = phase.Units;
                        if (!bar.IsStarted && (phase.Done > 0 || report.Phases.Where(p => p.Phase < phase.Phase).All(static p => p.Done == p.Units)))
                        {
                            bar.StartTask();
                        }

                        bar.Value = phase.Done;
                        bar.Description = phase.Seconds is { } seconds ? $"{phase.Phase,-9} {seconds,6:0.0} s" : $"{phase.Phase}";
                        if (phase.Done == phase.Units)
                        {
                            bar.StopTask();
                        }
                    }
                });
            });
    }

    /// <summary>Prints what came of a run.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">The run.</param>
    /// <param name="folder">What a command needs to find the same storage, with a space before it; or empty.</param>
    public static void Print(IAnsiConsole console, RunReport report, string folder)
    {
        console.WriteLine();
        var published = report.State == RunState.Published;
        console.MarkupLine(report.State switch
        {
            RunState.Published => $"[green bold]Published[/] run [bold]{report.Run}[/] of {report.Date:yyyy-MM-dd}",
            RunState.Held => $"[yellow bold]Held[/]: run [bold]{report.Run}[/] of {report.Date:yyyy-MM-dd} is complete and not published, for somebody to look at",
            _ => $"[red bold]Not published[/]: run [bold]{report.Run}[/] of {report.Date:yyyy-MM-dd} failed",
        });
        if (report is { ReleasedBy: { } by, ReleasedAt: { } at })
        {
            console.MarkupLine($"  [grey]It had been held, and was released by {Markup.Escape(by)} at {at:yyyy-MM-dd HH:mm} UTC.[/]");
        }
        else if (report.Reason is { } reason)
        {
            console.MarkupLine($"  {(report.State == RunState.Held ? "[yellow]" : "[red]")}{Markup.Escape(reason)}[/]");
        }

        if (!published)
        {
            console.MarkupLine("  Lookups still answer from the run that was published last.");
        }

        if (report.State == RunState.Held)
        {
            console.MarkupLine($"  If it is right: [bold]clv runs publish {report.Run}{Markup.Escape(folder)}[/]");
        }

        if (report.Files.Count > 0)
        {
            var files = new Table().Border(TableBorder.Rounded)
                .AddColumn("File")
                .AddColumn(new TableColumn("Rows").RightAligned())
                .AddColumn(new TableColumn("Used").RightAligned())
                .AddColumn(new TableColumn("Replaced").RightAligned())
                .AddColumn(new TableColumn("Quarantined").RightAligned());
            var erased = report.Files.Any(static file => file.Erased > 0);
            if (erased)
            {
                files.AddColumn(new TableColumn("Erased").RightAligned());
            }

            foreach (var file in report.Files)
            {
                string[] cells =
                [
                    Markup.Escape(file.File),
                    $"{file.Read:N0}",
                    $"{file.Used:N0}",
                    $"{file.Replaced:N0}",
                    file.Quarantined == 0 ? "0" : $"[yellow]{file.Quarantined:N0}[/]",
                    $"{file.Erased:N0}",
                ];
                files.AddRow(erased ? cells : cells[..^1]);
            }

            console.Write(files);
        }

        foreach (var file in report.Files.Where(static file => file.UnusablePhones + file.UnusableEmails > 0))
        {
            console.MarkupLine(
                $"  [yellow]{Markup.Escape(file.File)}: {file.UnusablePhones:N0} phone numbers and {file.UnusableEmails:N0} e-mail addresses cannot be read; their rows count all the same[/]");
        }

        foreach (var ignored in report.Ignored)
        {
            console.MarkupLine($"  [grey]{Markup.Escape(ignored)} is no file of the extract contract and was not read[/]");
        }

        if (published || report.State == RunState.Held)
        {
            PrintResult(console, report);
        }
    }

    private static void PrintResult(IAnsiConsole console, RunReport report)
    {
        var grid = new Grid().AddColumn().AddColumn();
        grid.AddRow("Customers", $"[bold]{report.Customers:N0}[/]" + (report.WithoutPurchase > 0 ? $" ({report.WithoutPurchase:N0} without a purchase)" : ""));
        if (report.Prospects > 0)
        {
            grid.AddRow("Prospects", $"{report.Prospects:N0}" + (report.Others > 0 ? $", and {report.Others:N0} people who are neither" : ""));
        }

        if (report.Contracts + report.Interactions > 0)
        {
            grid.AddRow("Beside purchases", $"{report.Contracts:N0} contracts, {report.Interactions:N0} contacts"
                + (report.ContactsWithoutCost > 0 ? $", {report.ContactsWithoutCost:N0} of them at no known cost" : ""));
        }

        if (report.Callers > 0)
        {
            grid.AddRow("Found by callers", $"{report.Callers:N0} phone numbers and e-mail addresses");
        }

        grid.AddRow("Future value", $"[bold]{report.FutureValue:N2}[/] {report.Settings!.Currency} over {report.Settings.HorizonWeeks:0.#} weeks at {report.Settings.DiscountRate:P0} a year");
        grid.AddRow("Lifetime value", $"[bold]{report.LifetimeValue:N2}[/] {report.Settings.Currency}");
        grid.AddRow("Since the night before", report.Settings.ComparedRun is { } compared ? $"{report.Events:N0} events against run {compared} of {report.Settings.ComparedDate:yyyy-MM-dd}" : "no earlier night");
        if (report.PartitionsUntold > 0)
        {
            grid.AddRow("", $"[yellow]the events of {report.PartitionsUntold} partitions were not all told: start {report.Date:yyyy-MM-dd} again, and they are told with the same ids[/]");
        }

        foreach (var off in report.Off)
        {
            grid.AddRow("Off", $"[grey]{Markup.Escape(off)}[/]");
        }

        if (report.Model is { } model)
        {
            var title = "Model";
            foreach (var line in ModelView.Lines(model))
            {
                grid.AddRow(title, Markup.Escape(line));
                title = "";
            }
        }

        grid.AddRow("Seconds", string.Join("  ", report.Phases.Select(static p => $"{p.Phase.ToString().ToLowerInvariant()} {p.Seconds:0.0}")));
        console.Write(grid);
    }
}
