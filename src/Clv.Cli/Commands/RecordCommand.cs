using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Functions.Audit;
using Clv.Functions.Privacy;

namespace Clv.Cli.Commands;

/// <summary><c>clv record</c>: everything that local storage holds of a person, as JSON.</summary>
internal static class RecordCommand
{
    private static readonly Option<FileInfo> Out = new("--out") { Description = "File to write; standard output when absent." };

    public static Command Create()
    {
        var command = new Command("record", "Everything that is held of a person, as JSON, for whoever asks what is known of them.")
        {
            PersonArguments.Id, Out, PersonArguments.Language, SharedOptions.Data,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var normal = PersonArguments.NormalId(arguments);
        await using var services = await LocalServices.StartAsync(arguments.GetValue(SharedOptions.Data)!, cancellationToken);
        var record = await services.Get<PersonRecords>().FindAsync(normal, arguments.GetValue(PersonArguments.Language), cancellationToken);
        await services.Get<AuditTable>().WriteAsync(
            new AuditEntry(CommandLine.Caller.Id, "record", record.IsKnown() ? "found" : "unknown", record.Key, record.Run?.Id), cancellationToken);
        if (!record.IsKnown() && record.Erasure is null)
        {
            await Console.Error.WriteLineAsync(record.Run is { } run
                ? $"Run {run.Id} of {run.Date:yyyy-MM-dd} has no customer with this id."
                : "No night has been published yet: run `clv` or `clv night` first.");
            return 1;
        }

        var json = JsonSerializer.Serialize(record, ApiJson.Options);
        if (arguments.GetValue(Out) is { } file)
        {
            await File.WriteAllTextAsync(file.FullName, json, cancellationToken);
        }
        else
        {
            Console.WriteLine(json);
        }

        return 0;
    }
}
