using System.Globalization;
using System.Text;
using Clv.Cli.Trace;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>
/// Shows a night's trace: a line for each phase with its place in the night, below it the units that took longest and whatever did not go right at
/// once, and what each process had to do.
/// </summary>
internal static class TraceView
{
    private const int NameWidth = 22;
    private const int FigureWidth = 8;
    private const int StorageWidth = 10;
    private const int Gap = 2;
    private const int WidestBar = 100;
    private const int SlowestShown = 3;
    private const int TroublesShown = 5;
    private const string Waiting = "░";

    /// <summary>Prints a night.</summary>
    public static void Print(IAnsiConsole console, string run, DateOnly date, NightTree? night)
    {
        console.WriteLine();
        if (night is null)
        {
            console.MarkupLine("[yellow]The app has sent no trace of the night.[/]");
            return;
        }

        var bar = Math.Clamp(console.Profile.Width - NameWidth - (3 * FigureWidth) - StorageWidth - Gap - 1, 12, WidestBar);
        console.MarkupLine(
            $"[bold]Night of {date:yyyy-MM-dd}[/], run {Markup.Escape(run)}: {Colored(Said(night.Outcome), Color(night.Outcome))} after {Time(night.Took)}");
        console.MarkupLine(
            $"[grey]{Time(night.Worked)} with somebody working, {Time(night.Took - night.Worked)} with all messages in the queue ({Waiting})[/]");
        console.WriteLine();
        console.MarkupLine($"[grey]{"",-NameWidth}{"took",FigureWidth}{"waiting",FigureWidth}{"working",FigureWidth}{"storage",StorageWidth}{"",Gap}{Scale(night, bar)}[/]");
        foreach (var phase in night.Phases)
        {
            PrintPhase(console, night, phase, bar);
        }

        console.WriteLine();
        foreach (var process in night.Processes)
        {
            var share = night.Took > TimeSpan.Zero ? process.Busy / night.Took : 0;
            console.MarkupLine(string.Create(
                CultureInfo.InvariantCulture,
                $"process {process.Number}  {process.Deliveries,5} units  [grey]working[/] {Time(process.Busy)} [grey]({share:0 %} of the night), pid {process.Id}[/]"));
        }
    }

    private static void PrintPhase(IAnsiConsole console, NightTree night, TracedPhase phase, int bar)
    {
        var failed = phase.Outcome is "failed";
        var name = phase.Units == 1 ? phase.Name : string.Create(CultureInfo.InvariantCulture, $"{phase.Name} × {phase.Units}");
        console.MarkupLine(
            $"[bold]{Markup.Escape(name),-NameWidth}[/]{Time(phase.Whole.Length),FigureWidth}{Time(phase.Whole.Length - phase.Worked),FigureWidth}{Time(phase.Worked),FigureWidth}"
            + $"{Storage(phase.Requests, phase.Retries)}{"",Gap}{Bar(night, phase.Whole, phase.Deliveries.Select(static delivery => delivery.Working), bar, failed ? "red" : Color(phase.Outcome))}");
        var troubles = phase.Deliveries.Where(static delivery => delivery.Outcome is not "done" || delivery.Count > 1).ToList();
        var slowest = phase.Units == 1 ? [] : phase.Deliveries.Except(troubles).OrderByDescending(static delivery => delivery.Working.Length).Take(SlowestShown).ToList();
        List<TracedDelivery> shown = [.. slowest, .. troubles.OrderBy(static delivery => delivery.Working.Start).Take(TroublesShown)];
        var left = phase.Deliveries.Count - shown.Count;
        for (var i = 0; i < shown.Count; i++)
        {
            PrintDelivery(console, night, shown[i], i == shown.Count - 1 && (left == 0 || phase.Units == 1) ? "└" : "├", bar);
        }

        if (left > 0 && phase.Units > 1)
        {
            console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[grey]└ {left:N0} more[/]"));
        }
    }

    private static void PrintDelivery(IAnsiConsole console, NightTree night, TracedDelivery delivery, string branch, int bar)
    {
        var good = delivery.Outcome is "done";
        var name = string.Create(CultureInfo.InvariantCulture, $"unit {delivery.Unit}, process {delivery.Process}");
        console.MarkupLine(
            $"[grey]{branch}[/] {name,-(NameWidth - 2)}{"",FigureWidth}{Time(delivery.Waited),FigureWidth}{Time(delivery.Working.Length),FigureWidth}"
            + $"{Storage(delivery.Requests, delivery.Retries)}{"",Gap}{Bar(night, delivery.Working, [], bar, good ? "grey" : "yellow", "━")}");
        if (!good || delivery.Count > 1)
        {
            var error = delivery.Error.Length > 0 ? $" ({Markup.Escape(delivery.Error)})" : "";
            console.MarkupLine($"[grey]│[/]   [yellow]delivery {delivery.Count}: {Said(delivery.Outcome)}{error}[/]");
        }
    }

    private static string Storage(long requests, long retries)
    {
        var text = requests.ToString("N0", CultureInfo.InvariantCulture);
        var again = retries > 0 ? string.Create(CultureInfo.InvariantCulture, $"+{retries:N0}") : "";
        return $"{"".PadLeft(Math.Max(0, StorageWidth - text.Length - again.Length))}{text}{(again.Length > 0 ? $"[yellow]{again}[/]" : "")}";
    }

    // Where in the night something was: a cell of the line is as much of the night as any other.
    private static string Bar(NightTree night, Interval whole, IEnumerable<Interval> working, int width, string color, string mark = "█")
    {
        var (first, last) = (Cell(whole.Start), Math.Max(Cell(whole.Start), Cell(whole.End)));
        var marks = new bool[width];
        var any = false;
        foreach (var part in working.Select(part => part.Within(whole)).OfType<Interval>())
        {
            any = true;
            marks.AsSpan(Cell(part.Start), Math.Max(Cell(part.Start), Cell(part.End)) - Cell(part.Start) + 1).Fill(true);
        }

        var text = new StringBuilder();
        for (var cell = first; cell <= last; cell++)
        {
            text.Append(any && !marks[cell] ? Waiting : mark);
        }

        return $"{new string(' ', first)}{Colored(text.ToString(), color)}";

        int Cell(DateTimeOffset moment) => night.Took <= TimeSpan.Zero ? 0 : Math.Clamp((int)((moment - night.Start) / night.Took * width), 0, width - 1);
    }

    private static string Scale(NightTree night, int width)
    {
        var end = Time(night.Took);
        return $"0 s{end.PadLeft(Math.Max(1, width - 3))}";
    }

    private static string Colored(string text, string color) => $"[{color}]{text}[/]";

    private static string Said(string outcome) => outcome switch
    {
        "" => "not ended",
        "again" => "was done before",
        _ => outcome,
    };

    private static string Color(string outcome) => outcome switch
    {
        "published" or "done" => "green",
        "failed" or "refused" => "red",
        _ => "yellow",
    };

    private static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.995 } => FormattableString.Invariant($"{Math.Max(0, time.TotalSeconds):0.00} s"),
        { TotalSeconds: < 99.95 } => FormattableString.Invariant($"{time.TotalSeconds:0.0} s"),
        { TotalMinutes: < 60 } => FormattableString.Invariant($"{(int)time.TotalMinutes}:{time.Seconds:00} m"),
        _ => FormattableString.Invariant($"{(int)time.TotalHours}:{time.Minutes:00} h"),
    };
}
