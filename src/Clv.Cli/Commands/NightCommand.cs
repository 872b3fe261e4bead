using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
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

    public static Command Create()
    {
        var command = new Command("night", "Run the night on a folder of extracts, through local storage, and publish the scores.")
        {
            Extracts, Date, SharedOptions.Workers, SharedOptions.Json, SharedOptions.Data,
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
        await using var local = await LocalNight.StartAsync(
            data, arguments.GetValue(SharedOptions.Workers), port: 0, open: false, new StepLines(console), log, cancellationToken);
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

        return report.State == RunState.Published ? 0 : 1;
    }
}
