using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Core;
using Clv.Core.Extracts;
using Clv.Functions;
using Clv.Functions.Lookup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv lookup</c>: a customer's score from local storage.</summary>
internal static class LookupCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The customer's id, as the extracts have it." };

    public static Command Create()
    {
        var command = new Command("lookup", "Look a customer up in the run that was published last.") { Id, SharedOptions.Json, SharedOptions.Data };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var id = arguments.GetValue(Id)!;
        if (!CustomerId.TryNormalise(id, out var normal, out var reason))
        {
            throw new CliException($"The customer id cannot be used: {reason.Describe()}.");
        }

        var json = arguments.GetValue(SharedOptions.Json);
        var data = arguments.GetValue(SharedOptions.Data)!;
        if (!data.Exists)
        {
            throw new CliException($"There is no local storage in {data.FullName}: run `clv` or `clv night` first, or give its folder with --data.");
        }

        await using var storage = await LocalStorage.StartAsync(data, new Progress<string>(), cancellationToken);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(storage.Settings.Select(static s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value)))
            .Build();
        await using var services = new ServiceCollection().AddLogging().AddClv(configuration).BuildServiceProvider();
        var result = await services.GetRequiredService<CustomerLookup>().FindAsync(normal, cancellationToken);
        if (result.Run is null)
        {
            throw new CliException("No night has been published yet: run `clv` or `clv night` first.");
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { result.Run, Customer = result.Score }, ApiJson.Options));
        }
        else if (result.Score is not null)
        {
            CustomerView.Print(Consoles.Output, id, result.Run, result.Score);
        }

        if (result.Score is null)
        {
            await Console.Error.WriteLineAsync($"Run {result.Run.Id} of {result.Run.Date:yyyy-MM-dd} has no customer with this id.");
            return 1;
        }

        return 0;
    }
}
