using Clv.Core;
using Clv.Core.Callers;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Functions.Access;
using Clv.Functions.Audit;
using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>Whom somebody asks for: exactly one of these. No answer repeats what was asked, for problems end up in logs.</summary>
/// <param name="Id">A customer's id.</param>
/// <param name="Phone">A phone number.</param>
/// <param name="Email">An e-mail address.</param>
/// <param name="Query">Any of the three, as somebody at the phone typed it: it is looked for as an id first, then as what it looks like.</param>
internal sealed record FindRequest(string? Id = null, string? Phone = null, string? Email = null, string? Query = null)
{
    private const string Several = "Give exactly one of \"id\", \"phone\", \"email\" or \"query\", as a text.";

    /// <summary>Answers the question.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (((string?[])[Id, Phone, Email, Query]).Count(static given => given is not null) != 1)
        {
            return Problems.Malformed(Several);
        }

        var phones = new PhoneFormat(context.RequestServices.GetRequiredService<ClvOptions>().PhoneRegion);
        var byId = (Id ?? Query) is { } id && CustomerId.TryNormalise(id, out var normal, out _) ? normal : null;
        ContactPoint? contact = Phone is not null || Query is not null && !Query.Contains('@', StringComparison.Ordinal)
            ? phones.TryParse((Phone ?? Query)!, out var phone) ? phone : null
            : Id is null && EmailFormat.TryParse((Email ?? Query)!, out var email) ? email : null;
        if (byId is null && contact is null)
        {
            return Problems.Malformed(Unusable());
        }

        var lookup = context.RequestServices.GetRequiredService<CustomerLookup>();
        var audit = context.RequestServices.GetRequiredService<LookupAudit>();
        var language = RequestLanguage.Of(context);
        ServedRun? run = null;
        if (byId is not null)
        {
            var key = CustomerKey.Of(byId, context.RequestServices.GetRequiredService<ClvOptions>().HashKey.Span);
            var result = await audit.AnswerAsync(
                context.GetCaller(),
                LookupAudit.Lookup,
                [key],
                () => lookup.FindAsync(byId, language, context.RequestAborted),
                static (answer, _) => answer.Score is null ? LookupAudit.Unknown : LookupAudit.Found);
            run = result.Run;
            if (result is { Run: null } or { Score: not null } || contact is null)
            {
                return result.Score is { } score ? Found(result.Run!, "id", [score], more: false) : NotFound(result.Run, "id");
            }
        }

        var found = await audit.CallerAsync(
            context.GetCaller(), () => lookup.FindCallerAsync(contact!.Value, language, context.RequestAborted));
        var by = contact!.Value.Kind == ContactKind.Phone ? "phone" : "email";
        return found.Customers.Count > 0 ? Found(found.Run!, by, found.Customers, found.More) : NotFound(found.Run ?? run, Query is null ? by : null);
    }

    private static IResult Found(ServedRun run, string by, IReadOnlyList<CustomerAnswer> customers, bool more) =>
        Results.Ok(new FoundCustomers(run, by, customers, more ? true : null));

    private static IResult NotFound(ServedRun? run, string? by) => run is null
        ? Problems.NothingPublished()
        : Problems.NotFound(
            "Unknown customer",
            $"Run {run.Id} of {run.Date:yyyy-MM-dd} has no customer with this {by switch { "id" => "id", "phone" => "phone number", "email" => "e-mail address", _ => "id, number or address" }}.",
            new Dictionary<string, object?> { ["run"] = run });

    private string Unusable()
    {
        if (Id is not null)
        {
            CustomerId.TryNormalise(Id, out _, out var reason);
            return $"The customer id cannot be used: {reason.Describe()}.";
        }

        return Phone is not null ? "The phone number cannot be read: give it with its country code, such as +49 30 23125000."
            : Email is not null ? "The e-mail address cannot be read: give one address, such as name@example.com."
            : "What is asked for is no id, phone number or e-mail address.";
    }
}

/// <summary>Everybody who is meant.</summary>
/// <param name="Run">The run that was asked.</param>
/// <param name="By">What led to them: id, phone or email.</param>
/// <param name="Customers">Their scores, who is worth most first; at least one.</param>
/// <param name="More">True when there are more people than are told; otherwise null.</param>
internal sealed record FoundCustomers(ServedRun Run, string By, IReadOnlyList<CustomerAnswer> Customers, bool? More);
