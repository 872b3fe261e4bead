using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Core.Portfolio;

namespace Clv.Cli.Commands;

/// <summary><c>clv scenario</c>: what changes would do to the customer base's value.</summary>
internal static class ScenarioCommand
{
    private static readonly IReadOnlyList<(ScenarioLever Lever, Option<double?> Option)> Levers =
    [
        (ScenarioLever.Price, Percent("--price", "prices, at unchanged volumes and unit costs")),
        (ScenarioLever.Conversion, Percent("--conversion", "the share of prospects who become customers")),
        (ScenarioLever.Upsell, Percent("--upsell", "what is spent on an occasion")),
        (ScenarioLever.Retention, Percent("--retention", "the share of customers who stay a year")),
        (ScenarioLever.ServiceCost, Percent("--service-cost", "the cost to serve")),
        (ScenarioLever.Margin, Percent("--margin", "the share of revenue that is contribution margin")),
    ];

    private static readonly Option<string?> Segment = new("--segment") { Description = "The segment that the changes are for; all customers when absent." };

    public static Command Create()
    {
        var command = new Command("scenario", "What changes in percent would do to the value of the customer base.") { Segment, SharedOptions.Json, SharedOptions.Data };
        foreach (var (_, option) in Levers)
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var segment = arguments.GetValue(Segment);
        var changes = Levers
            .Where(lever => arguments.GetValue(lever.Option) is not null)
            .Select(lever => new ScenarioChange(lever.Lever, arguments.GetValue(lever.Option)!.Value, segment))
            .ToList();
        if (changes.Count == 0)
        {
            throw new CliException("Give at least one change in percent, such as --price 5 or --retention 2.");
        }

        await using var services = await LocalServices.StartAsync(arguments.GetValue(SharedOptions.Data)!, cancellationToken);
        var served = await PortfolioCommand.ReadAsync(services, cancellationToken);
        ScenarioResult result;
        try
        {
            result = Scenario.Run(served.Portfolio.Scenarios, new ScenarioRequest(changes));
        }
        catch (ScenarioRefusedException e)
        {
            throw new CliException($"{e.Property}: {e.Message}");
        }

        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(result, ApiJson.Options));
        }
        else
        {
            ScenarioView.Print(Consoles.Output, served, changes, result);
        }

        return 0;
    }

    private static Option<double?> Percent(string name, string what) => new(name) { Description = $"Change of {what}, in percent.", HelpName = "percent" };
}
