using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
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
    private const int DaysBetween = 7;
    private const int Asked = 80;

    private static readonly Option<bool> Once = new("--once") { Description = "Exit after the nights instead of serving the API." };

    public static Command Create()
    {
        var command = new Command("demo", "Simulate customers, run two nights on them a week apart, show what came of them and serve the API.")
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

        // The second night tells what has changed since the first.
        var extracts = new DirectoryInfo(Path.Combine(data.FullName, "demo"));
        foreach (var date in (DateOnly[])[today.AddDays(-DaysBetween), today])
        {
            var world = new SimulatedWorld(
                arguments.GetValue(GenerateCommand.Customers), arguments.GetValue(SharedOptions.Seed), SimulatedWorld.OriginOf(today), date);
            var files = new ExtractSet(world, ExtractFormat.English) { Profile = ExtractSet.Profiles[0] }.Write(extracts);
            console.MarkupLine($"[grey]{date:yyyy-MM-dd}: {string.Join(", ", files.Select(static f => $"{f.Rows:N0} rows of {f.Name}"))}[/]");
            await local.DeliverAsync(extracts, date, cancellationToken);
            var report = await NightView.WatchAsync(console, progress => local.RunAsync(date, progress, cancellationToken));
            NightView.Print(console, report);
            if (report.State != RunState.Published)
            {
                return 1;
            }
        }

        PortfolioView.Print(
            console, await local.Api.GetFromJsonAsync<ServedPortfolio>("api/portfolio", ApiJson.Options, cancellationToken) ?? throw new JsonException("The portfolio is empty."));
        CustomerView.PrintTable(console, await OneOfEachPhaseAsync(local, cancellationToken));
        console.MarkupLine($"[grey]Log: {Markup.Escape(log.Path)}[/]");
        if (!arguments.GetValue(Once))
        {
            await ServeCommand.WaitAsync(local, cancellationToken);
        }

        return 0;
    }

    // The first of the simulated people in each phase with each action.
    private static async Task<List<(string Id, CustomerAnswer Score)>> OneOfEachPhaseAsync(LocalNight local, CancellationToken cancellationToken)
    {
        var shown = new Dictionary<(string Phase, string? Action), (string Id, CustomerAnswer Score)>();
        for (var id = 1; id <= Asked; id++)
        {
            using var answer = await local.Api.GetAsync($"api/customers?id={id}", cancellationToken);
            if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<Answer>(ApiJson.Options, cancellationToken) is { } found)
            {
                shown.TryAdd((found.Customer.Phase.Code, found.Customer.Action?.Code), ($"{id}", found.Customer));
            }
        }

        return [.. shown.OrderBy(static s => s.Key.Phase, StringComparer.Ordinal).Select(static s => s.Value)];
    }

    private sealed record Answer(ServedRun Run, CustomerAnswer Customer);
}
