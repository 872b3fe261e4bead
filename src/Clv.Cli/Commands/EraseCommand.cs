using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Functions;
using Clv.Functions.Audit;
using Clv.Functions.Privacy;

namespace Clv.Cli.Commands;

/// <summary><c>clv erase</c>: removes a person from local storage for good, and shows the receipt.</summary>
internal static class EraseCommand
{
    public static Command Create()
    {
        var command = new Command("erase", "Erase a person from every run that is kept, and keep them out of later ones.")
        {
            PersonArguments.Id, SharedOptions.Json, SharedOptions.Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var normal = PersonArguments.NormalId(arguments);
        await using var services = await LocalServices.StartAsync(arguments.GetValue(SharedOptions.Data)!, cancellationToken);
        var key = services.Get<PersonRecords>().KeyOf(normal);
        await services.Get<AuditTable>().WriteAsync(new AuditEntry(CommandLine.Caller.Id, "erase", "requested", key.ToString()), cancellationToken);
        var answer = ErasureAnswer.Of(
            await services.Get<Eraser>().EraseAsync(key, CommandLine.Caller.Id, CommandLine.Caller.Id, cancellationToken), services.Get<ClvOptions>().AuditDays);
        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(answer, ApiJson.Options));
        }
        else
        {
            ErasureView.Print(Consoles.Output, answer);
        }

        return answer.State == ErasureState.Done ? 0 : 1;
    }
}
