using System.CommandLine;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv serve</c>: the app on local storage, with its timer, its queue and its API, until Ctrl-C.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Serve the API and run the nightly timer on local storage, until Ctrl-C.")
        {
            SharedOptions.Port, SharedOptions.Open, SharedOptions.Workers, SharedOptions.Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var data = arguments.GetValue(SharedOptions.Data)!;
        using var log = new AppLog(data);
        await using var local = await LocalNight.StartAsync(
            data,
            arguments.GetValue(SharedOptions.Workers),
            arguments.GetValue(SharedOptions.Port),
            arguments.GetValue(SharedOptions.Open),
            new StepLines(Consoles.Output),
            log,
            cancellationToken);
        await WaitAsync(local, cancellationToken);
        return 0;
    }

    /// <summary>Says where the pages and the API are and waits for Ctrl-C.</summary>
    public static async Task WaitAsync(LocalNight local, CancellationToken cancellationToken)
    {
        // Not through the console that folds long lines: a link has to stay whole.
        await Console.Out.WriteLineAsync($"Open {local.Link}");
        Consoles.Output.MarkupLine($"Serving [bold]{local.Address}api/customers/{{id}}[/]   Ctrl-C stops");
        try
        {
            await local.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Consoles.Output.MarkupLine("[grey]Stopping ...[/]");
        }
    }
}
