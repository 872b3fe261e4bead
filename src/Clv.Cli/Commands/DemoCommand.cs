using System.CommandLine;
using System.Globalization;
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

    private static readonly Option<bool> Once = new("--once") { Description = "Exit after the nights instead of serving the API." };

    public static Command Create()
    {
        var command = new Command("demo", "Simulate customers, run two nights on them a week apart, show what came of them and serve the API.")
        {
            GenerateCommand.Customers, SharedOptions.Seed, GenerateCommand.Until, Once, SharedOptions.Port, SharedOptions.Open, SharedOptions.Workers, SharedOptions.Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    public static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var data = arguments.GetValue(SharedOptions.Data)!;
        var console = Consoles.Output;
        var until = arguments.GetValue(GenerateCommand.Until) ?? DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
        using var log = new AppLog(data);
        await using var local = await LocalNight.StartAsync(
            data,
            arguments.GetValue(SharedOptions.Workers),
            arguments.GetValue(SharedOptions.Port),
            arguments.GetValue(SharedOptions.Open),
            new StepLines(console),
            log,
            cancellationToken);

        // The second night tells what has changed since the first.
        var extracts = new DirectoryInfo(Path.Combine(data.FullName, "demo"));
        foreach (var date in (DateOnly[])[until.AddDays(-DaysBetween), until])
        {
            var world = new SimulatedWorld(
                arguments.GetValue(GenerateCommand.Customers), arguments.GetValue(SharedOptions.Seed), SimulatedWorld.OriginOf(until), date);
            var files = new ExtractSet(world, ExtractFormat.English) { Profile = ExtractSet.OwnProfile }.Write(extracts);
            console.MarkupLine($"[grey]{date:yyyy-MM-dd}: {string.Join(", ", files.Select(static f => $"{f.Rows:N0} rows of {f.Name}"))}[/]");
            await local.DeliverAsync(extracts, date, cancellationToken);
            var report = await NightView.WatchAsync(console, progress => local.RunAsync(date, progress, cancellationToken));
            if (report.State == RunState.Published && date != until)
            {
                console.MarkupLine($"[green bold]Published[/] run [bold]{report.Run}[/] of {report.Date:yyyy-MM-dd}; a week later:");
                continue;
            }

            NightView.Print(console, report, SharedOptions.Folder(arguments));
            if (report.State != RunState.Published)
            {
                return 1;
            }
        }

        PortfolioView.Print(
            console, await local.Api.GetFromJsonAsync<ServedPortfolio>("api/portfolio", ApiJson.Options, cancellationToken) ?? throw new JsonException("The portfolio is empty."));
        local.Api.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var shown = await DemoSample.TakeAsync(local.Api, cancellationToken);
        CustomerView.PrintTable(console, "Some of them", shown);
        var phone = await PrintCallerAsync(local.Api, console, shown, cancellationToken);
        console.MarkupLine($"[grey]Log: {Markup.Escape(log.Path)}[/]");
        var id = shown.OrderByDescending(static s => s.Score.Value?.Future ?? 0).Select(static s => s.Id).FirstOrDefault() ?? "1";
        var folder = SharedOptions.Folder(arguments);
        console.WriteLine();
        console.MarkupLine("Try next, in this folder:");
        foreach (var (command, what) in (ReadOnlySpan<(string, string)>)
            [
                ($"clv lookup {id}", "a customer with everything there is; --language de for German"),
                .. phone is null ? [] : new[] { ($"clv lookup --phone {phone}", "whoever calls from this number") },
                ($"clv explain {id}", "that customer's figures, calculated step by step"),
                ("clv portfolio", "all customers together, as above"),
                ("clv scenario --price 5", "what a change would do to their value"),
                .. arguments.GetValue(Once) ? [("clv serve", "the API, and the page for whoever is at the phone")] : Array.Empty<(string, string)>(),
            ])
        {
            console.MarkupLine($"  [bold]{Markup.Escape(command + folder),-24}[/]  [grey]{what}[/]");
        }
        if (!arguments.GetValue(Once))
        {
            console.MarkupLine($"  [bold]{"the link below",-24}[/]  [grey]the page for whoever is at the phone: ask it for {id}[/]");
            await ServeCommand.WaitAsync(local, cancellationToken);
        }

        return 0;
    }

    // Whose phone rings: somebody of those shown, best one who shares a number.
    private static async Task<string?> PrintCallerAsync(
        HttpClient api, IAnsiConsole console, IReadOnlyList<(string Id, CustomerAnswer Score)> shown, CancellationToken cancellationToken)
    {
        var phone = shown
            .Select(static person => int.Parse(person.Id, CultureInfo.InvariantCulture))
            .OrderByDescending(PhoneBook.SharesPhone)
            .Select(static id => PhoneBook.Phones(id)?.Numbers[0])
            .FirstOrDefault(static number => number is not null);
        if (phone is not { } number)
        {
            return null;
        }

        using var answer = await api.PostAsJsonAsync("api/customers:find", new { phone = ExtractFormat.English.Phone(number) }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var found = await answer.Content.ReadFromJsonAsync<CallerResult>(ApiJson.Options, cancellationToken) ?? throw new JsonException("A lookup is empty.");
        CustomerView.PrintTable(
            console, $"A call from {ExtractFormat.English.Phone(number)}", found.Customers.Select(static score => (CustomerView.ShortKey(score.Key), score)));
        return ExtractFormat.English.Phone(number).Replace(" ", "", StringComparison.Ordinal);
    }
}
