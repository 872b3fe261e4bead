using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Functions.Night;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv runs</c> lists the runs of local storage; <c>clv runs publish</c> releases a held one or serves an earlier one again.</summary>
internal static class RunsCommand
{
    private static readonly Argument<string> Run = new("run") { Description = "The run's id, such as r00001." };

    private static readonly Option<string?> Reason = new("--reason") { Description = "Why, for the audit; nothing personal." };

    public static Command Create()
    {
        var publish = new Command("publish", "Publish a held run, or serve lookups from another run that was published before.")
        {
            Run, Reason, SharedOptions.Data,
        };
        Run.Validators.Add(static result =>
        {
            if (!RunId.IsValid(result.Tokens[0].Value))
            {
                result.AddError("A run's id is r and at least five digits, such as r00001.");
            }
        });
        publish.SetAction(PublishAsync);
        var runs = new Command("runs", "List the runs: how far they are, which is served, and which can be published.") { SharedOptions.Json, SharedOptions.Data };
        runs.SetAction(ListAsync);
        runs.Subcommands.Add(publish);
        return runs;
    }

    private static async Task<int> ListAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var services = await LocalServices.StartAsync(arguments.GetValue(SharedOptions.Data)!, cancellationToken);
        var list = await RunReports.ListAsync(services.Get<RunTable>(), services.Get<Pointer>(), services.Get<RunPublisher>(), cancellationToken);
        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(list, ApiJson.Options));
        }
        else
        {
            RunsView.Print(Consoles.Output, list, SharedOptions.Folder(arguments));
        }

        return 0;
    }

    private static async Task<int> PublishAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var data = arguments.GetValue(SharedOptions.Data)!;
        var run = arguments.GetValue(Run)!;
        PublishAnswer answer;
        await using (var services = await LocalServices.StartAsync(data, cancellationToken))
        {
            answer = await services.Get<RunPublisher>().PublishAsync(run, CommandLine.Caller.Id, arguments.GetValue(Reason), cancellationToken);
        }

        if (answer.Outcome is PublishOutcome.Refused or PublishOutcome.Unknown)
        {
            await Console.Error.WriteLineAsync(answer.Detail);
            return 1;
        }

        var console = Consoles.Output;
        console.WriteLine(answer.Detail);
        if (answer.Outcome != PublishOutcome.Released)
        {
            return 0;
        }

        // What is released is published by a unit of the night, so the app must run for a moment.
        using var log = new AppLog(data);
        await using var local = await LocalNight.StartAsync(data, workers: 1, port: 0, open: false, new StepLines(console), log, cancellationToken);
        var report = await NightView.WatchAsync(console, progress => local.EndOfAsync(run, progress, cancellationToken));
        NightView.Print(console, report, SharedOptions.Folder(arguments));
        return report.State == RunState.Published ? 0 : 1;
    }
}
