using System.CommandLine;
using Clv.Cli.Simulation;
using Clv.Cli.Terminal;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv generate</c>: an extract set of customers whose true parameters are known.</summary>
internal static class GenerateCommand
{
    public static readonly Option<int> Customers = SharedOptions.Bounded("--customers", 2000, 1, 10_000_000, "How many customers to simulate.");

    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder to write the extract set to.", Required = true };

    private static readonly Option<DateOnly?> Until = SharedOptions.Day("--until", "Last day of the simulated transactions; today when absent");

    public static Command Create()
    {
        var command = new Command("generate", "Simulate customers from the models and write them as an extract set.")
        {
            Customers, Out, SharedOptions.Seed, Until,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var folder = arguments.GetValue(Out)!;
        var population = new SimulatedPopulation(
            arguments.GetValue(Customers),
            arguments.GetValue(SharedOptions.Seed),
            arguments.GetValue(Until) ?? DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime));
        var rows = population.Write(folder);
        Consoles.Output.MarkupLine($"[bold]{rows:N0}[/] transactions of [bold]{population.Customers:N0}[/] customers in {Markup.Escape(folder.FullName)}");
        Consoles.Output.MarkupLine($"True parameters: {population.Describe()}");
        return 0;
    }
}
