using Clv.Cli.Terminal;
using Clv.Cli.Trace;
using Spectre.Console;

namespace Clv.Cli.Tests.Trace;

public sealed class TraceViewTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void Print_AtAWidth_FitsIntoIt(int width)
    {
        var lines = Print(width, Night());

        Assert.All(lines, line => Assert.True(line.Length <= width, $"{line.Length}: {line}"));
        Assert.Contains("Night of 2026-11-20, run r00042: published after 20.0 s", lines);
    }

    [Fact]
    public void Print_OfPhases_ShowsWaitingWorkingRetriesAndWhatWentWrong()
    {
        var lines = Print(100, Night());

        // Took ten seconds, of which two units at once worked for six.
        Assert.Matches(@"(?m)^score × 3 +10\.0 s +4\.00 s +6\.00 s +1,001\+2 ", string.Join('\n', lines));
        Assert.Contains(lines, static line => line.StartsWith("├ unit 1, process 2", StringComparison.Ordinal) && line.Contains("━━", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.EndsWith("delivery 2: failed (System.IO.IOException)", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains('░', StringComparison.Ordinal) && line.Contains('█', StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("process 2 ", StringComparison.Ordinal) && line.Contains("pid 12", StringComparison.Ordinal));
    }

    [Fact]
    public void Print_WithoutSpans_SaysSo() => Assert.Contains("The app has sent no trace of the night.", Print(100, NightTree.Of([])));

    [Fact]
    public void Tree_OfANightWithoutItsOwnSpan_ShowsWhatThereIs()
    {
        var unfinished = NightTree.Of([.. Spans().Where(static span => span.Name is not ("score" or "night 2026-11-20"))])!;

        Assert.Equal(("", 2), (unfinished.Outcome, unfinished.Phases.Count));
        Assert.Contains("Night of 2026-11-20, run r00042: not ended after 18.0 s", Print(100, unfinished));
    }

    private static NightTree Night() => NightTree.Of(Spans())!;

    private static List<TraceSpan> Spans() =>
    [
        Span("night 2026-11-20", "", 0, 20, ("clv.outcome", "published")),
        Span("fit", "night 2026-11-20", 0, 10, ("clv.outcome", "done"), ("clv.units", 1L)),
        Span("process fit", "fit", 1, 10, ("clv.outcome", "done"), ("clv.unit", 0L), ("clv.storage.requests", 7L)),
        Span("score", "night 2026-11-20", 10, 20, ("clv.outcome", "done"), ("clv.units", 3L)),
        Span("send score", "score", 10, 10.5, ("clv.storage.requests", 1L)),
        Span("process score", "score", 11, 15, ("clv.outcome", "done"), ("clv.unit", 0L), ("clv.storage.requests", 500L)) with { Id = "s0" },
        Span("process score", "score", 12, 16, ("clv.outcome", "done"), ("clv.unit", 1L), ("clv.storage.requests", 500L), ("clv.storage.retries", 2L)) with { Id = "s1", Process = 12 },
        Span("process score", "score", 17, 18, ("clv.outcome", "failed"), ("error.type", "System.IO.IOException"), ("clv.unit", 2L), ("clv.delivery.count", 2L)) with { Id = "s2" },
    ];

    private static TraceSpan Span(string name, string parent, double from, double to, params (string Key, object? Value)[] attributes) => new(
        "trace", name, parent, name, Start.AddSeconds(from), Start.AddSeconds(to), Failed: false, Process: 11, attributes.ToDictionary(static a => a.Key, static a => a.Value));

    private static List<string> Print(int width, NightTree? night)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = width;
        TraceView.Print(console, "r00042", new DateOnly(2026, 11, 20), night);
        return [.. text.ToString().Split('\n').Select(static line => line.TrimEnd())];
    }
}
