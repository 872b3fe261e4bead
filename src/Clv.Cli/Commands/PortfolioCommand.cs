using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Functions.Lookup;

namespace Clv.Cli.Commands;

/// <summary><c>clv portfolio</c>: what all customers together are worth.</summary>
internal static class PortfolioCommand
{
    public static Command Create()
    {
        var command = new Command("portfolio", "What all customers are worth, how that moved, what acquisition brings and where the next euro does most.")
        {
            SharedOptions.Json, SharedOptions.Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>The portfolio of the run that was published last.</summary>
    /// <exception cref="CliException">Nothing is published.</exception>
    public static async Task<ServedPortfolio> ReadAsync(LocalServices services, CancellationToken cancellationToken) =>
        await services.Get<PortfolioLookup>().FindAsync(cancellationToken)
            ?? throw new CliException("No night has been published yet: run `clv` or `clv night` first.");

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var services = await LocalServices.StartAsync(arguments.GetValue(SharedOptions.Data)!, cancellationToken);
        var served = await ReadAsync(services, cancellationToken);
        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(served, ApiJson.Options));
        }
        else
        {
            PortfolioView.Print(Consoles.Output, served);
        }

        return 0;
    }
}
