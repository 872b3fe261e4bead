using System.CommandLine;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Core.Callers;
using Clv.Functions;
using Clv.Functions.Audit;
using Clv.Functions.Lookup;
using Clv.Functions.Privacy;

namespace Clv.Cli.Commands;

/// <summary><c>clv lookup</c>: a person's score from local storage, by id, phone number or e-mail address.</summary>
internal static class LookupCommand
{
    private static readonly Argument<string?> Id = new("id") { Description = "The person's id, as the extracts have it.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string?> Phone = new("--phone") { Description = "A phone number instead of an id: everybody who has it, who is worth most first." };

    private static readonly Option<string?> Email = new("--email") { Description = "An e-mail address instead of an id." };

    public static Command Create()
    {
        var command = new Command("lookup", "Look a customer or prospect up in the run that was published last.")
        {
            Id, Phone, Email, PersonArguments.Language, SharedOptions.Json, SharedOptions.Data,
        };
        command.Validators.Add(static result =>
        {
            if (((string?[])[result.GetValue(Id), result.GetValue(Phone), result.GetValue(Email)]).Count(static given => given is not null) != 1)
            {
                result.AddError("Give an id, or --phone, or --email.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var id = arguments.GetValue(Id);
        var normal = id is null ? default : PersonArguments.NormalId(id);
        await using var services = await LocalServices.StartAsync(arguments.GetValue(SharedOptions.Data)!, cancellationToken);
        if (id is null)
        {
            return await PrintCallerAsync(arguments, services, cancellationToken);
        }

        var result = await services.Get<LookupAudit>().AnswerAsync(
            CommandLine.Caller,
            LookupAudit.Lookup,
            [services.Get<PersonRecords>().KeyOf(normal)],
            () => services.Get<CustomerLookup>().FindAsync(normal, arguments.GetValue(PersonArguments.Language), cancellationToken),
            static (answer, _) => answer.Score is null ? LookupAudit.Unknown : LookupAudit.Found);
        if (result.Run is null)
        {
            throw NothingPublished();
        }

        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(new { result.Run, Customer = result.Score }, ApiJson.Options));
        }
        else if (result.Score is not null)
        {
            CustomerView.Print(Consoles.Output, id, result.Run, result.Score);
        }

        return result.Score is null ? await UnknownAsync(result.Run, "id") : 0;
    }

    private static async Task<int> PrintCallerAsync(ParseResult arguments, LocalServices services, CancellationToken cancellationToken)
    {
        var contact = ContactOf(arguments, services.Get<ClvOptions>().PhoneRegion);
        var result = await services.Get<LookupAudit>().CallerAsync(
            CommandLine.Caller,
            () => services.Get<CustomerLookup>().FindCallerAsync(contact, arguments.GetValue(PersonArguments.Language), cancellationToken));
        if (result.Run is null)
        {
            throw NothingPublished();
        }

        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(new { result.Run, result.Customers, result.More }, ApiJson.Options));
        }
        else if (result.Customers is [var only])
        {
            CustomerView.Print(Consoles.Output, CustomerView.ShortKey(only.Key), result.Run, only);
        }
        else if (result.Customers.Count > 0)
        {
            CustomerView.PrintTable(
                Consoles.Output,
                result.More ? $"The first {result.Customers.Count} people" : $"{result.Customers.Count} people",
                result.Customers.Select(static score => (CustomerView.ShortKey(score.Key), score)));
            CustomerView.PrintSource(Consoles.Output, result.Run);
        }

        return result.Customers.Count > 0 ? 0 : await UnknownAsync(result.Run, contact.Kind == ContactKind.Phone ? "phone number" : "e-mail address");
    }

    private static ContactPoint ContactOf(ParseResult arguments, string? region)
    {
        if (arguments.GetValue(Phone) is { } phone)
        {
            return new PhoneFormat(region).TryParse(phone, out var number)
                ? number
                : throw new CliException("The phone number cannot be read: give it with its country code, such as \"+49 30 23125000\".");
        }

        return EmailFormat.TryParse(arguments.GetValue(Email)!, out var email)
            ? email
            : throw new CliException("The e-mail address cannot be read: give one address, such as name@example.com.");
    }

    private static CliException NothingPublished() => new("No night has been published yet: run `clv` or `clv night` first.");

    private static async Task<int> UnknownAsync(ServedRun run, string what)
    {
        await Console.Error.WriteLineAsync($"Run {run.Id} of {run.Date:yyyy-MM-dd} has no customer with this {what}.");
        return 1;
    }
}
