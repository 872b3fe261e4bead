using System.CommandLine;
using System.Net.Http.Json;
using Clv.Cli.Local;
using Clv.Cli.Simulation;
using Clv.Cli.Terminal;
using Clv.Functions.Lookup;
using Clv.Functions.Night;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv</c> or <c>clv demo</c>: everything once, on simulated customers.</summary>
internal static class DemoCommand
{
    private const int Shown = 5;

    private static readonly Option<bool> Once = new("--once") { Description = "Exit after the night instead of serving the API." };

    public static Command Create()
    {
        var command = new Command("demo", "Simulate customers, run a night on them, show what came of it and serve the API.")
        {
            GenerateCommand.Customers, SharedOptions.Seed, Once, SharedOptions.Port, SharedOptions.Workers, SharedOptions.Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    public static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var data = arguments.GetValue(SharedOptions.Data)!;
        var console = Consoles.Output;
        var today = DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
        using var log = new AppLog(data);
        await using var local = await LocalNight.StartAsync(
            data, arguments.GetValue(SharedOptions.Workers), arguments.GetValue(SharedOptions.Port), new StepLines(console), log, cancellationToken);

        var world = new SimulatedWorld(
            arguments.GetValue(GenerateCommand.Customers), arguments.GetValue(SharedOptions.Seed), SimulatedWorld.OriginOf(today), today);
        var extracts = new DirectoryInfo(Path.Combine(data.FullName, "demo"));
        var files = new ExtractSet(world, ExtractFormat.English).Write(extracts);
        console.MarkupLine($"[grey]Simulated: {string.Join(", ", files.Select(static f => $"{f.Rows:N0} rows of {f.Name}"))}[/]");
        await local.DeliverAsync(extracts, today, cancellationToken);
        var report = await NightView.WatchAsync(console, progress => local.RunAsync(today, progress, cancellationToken));
        NightView.Print(console, report);
        if (report.State != RunState.Published)
        {
            return 1;
        }

        var customers = new List<(string, CustomerScore)>();
        foreach (var id in world.People().Where(person => person.HasBought(today.DayNumber)).Take(Shown).Select(static person => $"{person.Id}"))
        {
            var answer = await local.Api.GetFromJsonAsync<CustomerAnswer>($"api/customers?id={Uri.EscapeDataString(id)}", ApiJson.Options, cancellationToken);
            customers.Add((id, answer!.Customer));
        }

        CustomerView.PrintTable(console, customers);
        console.MarkupLine($"[grey]Log: {Markup.Escape(log.Path)}[/]");
        if (!arguments.GetValue(Once))
        {
            await ServeCommand.WaitAsync(local, cancellationToken);
        }

        return 0;
    }

    private sealed record CustomerAnswer(ServedRun Run, CustomerScore Customer);
}
