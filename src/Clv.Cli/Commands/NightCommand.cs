using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Cli.Trace;
using Clv.Functions.Night;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv night</c>: a whole night on somebody's own files.</summary>
internal static class NightCommand
{
    private static readonly Option<DirectoryInfo> Extracts = new("--extracts")
    {
        Description = "Folder with the extracts: CSV files, manifest.json or _SUCCESS, and mapping.json if the headers need one.",
        Required = true,
    };

    private static readonly Option<DateOnly?> Date = SharedOptions.Day("--date", "Date of the extracts and last day of the observation; today when absent");

    private static readonly Option<bool> Traced = new("--trace")
    {
        Description = "Show where the night's time went: phases, the slowest units, waiting and working, retries. Its spans come here instead of to the collector that the environment names.",
    };

    private static readonly TimeSpan TracePatience = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        var command = new Command("night", "Run the night on a folder of extracts, through local storage, and publish the scores.")
        {
            Extracts, Date, Traced, SharedOptions.Workers, SharedOptions.Json, SharedOptions.Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var json = arguments.GetValue(SharedOptions.Json);
        // With --json the object alone goes to standard output.
        var console = json ? Consoles.Error : Consoles.Output;
        var data = arguments.GetValue(SharedOptions.Data)!;
        var date = arguments.GetValue(Date) ?? DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
        using var log = new AppLog(data);
        await using var traces = arguments.GetValue(Traced) ? await TraceReceiver.StartAsync(cancellationToken) : null;
        await using var local = await LocalNight.StartAsync(
            data, arguments.GetValue(SharedOptions.Workers), port: 0, open: false, new StepLines(console), log, cancellationToken, traces?.Settings);
        await local.DeliverAsync(arguments.GetValue(Extracts)!, date, cancellationToken);
        var report = await NightView.WatchAsync(console, progress => local.RunAsync(date, progress, cancellationToken));
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ApiJson.Options));
        }
        else
        {
            NightView.Print(console, report, SharedOptions.Folder(arguments));
            console.MarkupLine($"[grey]Log: {Markup.Escape(log.Path)}[/]");
        }

        if (traces is not null)
        {
            var spans = await traces.OfRunAsync(report.Run, report.Phases.Sum(static phase => phase.Done), TracePatience, cancellationToken);
            TraceView.Print(console, report.Run, report.Date, NightTree.Of(spans));
        }

        return report.State == RunState.Published ? 0 : 1;
    }
}
