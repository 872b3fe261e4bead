using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Functions.Lookup;

namespace Clv.Cli.Commands;

/// <summary><c>clv lookup</c>: a person's score from local storage.</summary>
internal static class LookupCommand
{
    public static Command Create()
    {
        var command = new Command("lookup", "Look a customer or prospect up in the run that was published last.")
        {
            PersonArguments.Id, PersonArguments.Language, SharedOptions.Json, SharedOptions.Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var normal = PersonArguments.NormalId(arguments);
        await using var services = await LocalServices.StartAsync(arguments.GetValue(SharedOptions.Data)!, cancellationToken);
        var result = await services.Get<CustomerLookup>().FindAsync(normal, arguments.GetValue(PersonArguments.Language), cancellationToken);
        if (result.Run is null)
        {
            throw new CliException("No night has been published yet: run `clv` or `clv night` first.");
        }

        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(new { result.Run, Customer = result.Score }, ApiJson.Options));
        }
        else if (result.Score is not null)
        {
            CustomerView.Print(Consoles.Output, arguments.GetValue(PersonArguments.Id)!, result.Run, result.Score);
        }

        if (result.Score is null)
        {
            await Console.Error.WriteLineAsync($"Run {result.Run.Id} of {result.Run.Date:yyyy-MM-dd} has no customer with this id.");
            return 1;
        }

        return 0;
    }
}
