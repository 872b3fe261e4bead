using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Functions.Audit;
using Clv.Functions.Lookup;
using Clv.Functions.Privacy;

namespace Clv.Cli.Commands;

/// <summary><c>clv explain</c>: a customer's published figures, calculated once more step by step.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var command = new Command("explain", "Calculate a customer's figures step by step, so that they can be checked by hand.")
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
        var explained = await services.Get<LookupAudit>().AnswerAsync(
            CommandLine.Caller,
            "explain",
            [services.Get<PersonRecords>().KeyOf(normal)],
            () => services.Get<CustomerExplainer>().ExplainAsync(normal, cancellationToken),
            static (answer, _) => answer.Key is null ? LookupAudit.Unknown : LookupAudit.Found);
        if (explained.Run is null)
        {
            throw new CliException("No night has been published yet: run `clv` or `clv night` first.");
        }

        if (explained.Key is null)
        {
            await Console.Error.WriteLineAsync($"Run {explained.Run.Id} of {explained.Run.Date:yyyy-MM-dd} has no customer with this id.");
            return 1;
        }

        var answer = ExplanationAnswer.Of(explained, arguments.GetValue(PersonArguments.Language));
        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(answer, ApiJson.Options));
        }
        else
        {
            ExplanationView.Print(Consoles.Output, arguments.GetValue(PersonArguments.Id)!, answer);
        }

        return 0;
    }
}
