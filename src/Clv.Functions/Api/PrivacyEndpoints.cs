using Clv.Core.History;
using Clv.Functions.Access;
using Clv.Functions.Audit;
using Clv.Functions.Description;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;

namespace Clv.Functions.Api;

/// <summary>
/// DELETE /api/customers/{id}, GET /api/records/{id} (which is GET /api/customers/{id}/record too), each with the id in the query too;
/// GET /api/erasures, GET and DELETE /api/erasures/{key}.
/// </summary>
internal static class PrivacyEndpoints
{
    private const string Source = "api";
    private const int MaxListed = 10_000;
    private const string Pseudonym = "^[0-9A-Fa-f]{32}$";
    private const string PseudonymExample = "e313b583ecbfe824eb66a7e3cb35b73d";

    private static readonly PersonText EraseText = new("eraseCustomer", "Privacy", "Erases a person from every run, for good", static route => route
        .Answers<ErasureAnswer>(StatusCodes.Status200OK, "Nothing of the person is held any more: the receipt.")
        .Answers<ErasureAnswer>(StatusCodes.Status202Accepted, "A night is under way or the erasure was interrupted: it goes on by itself.")
        .Refuses(
            StatusCodes.Status503ServiceUnavailable,
            "Storage does not answer. Where it stopped under way, the detail says that the erasure is recorded and goes on by itself; else ask again."));

    public static void MapPrivacy(this IEndpointRouteBuilder app)
    {
        app.MapPerson("/api/customers", Roles.Operator, action: null, EraseAsync, EraseText, "DELETE");
        app.MapPerson("/api/records", Roles.Operator, "record", RecordAsync, RecordText("getRecord"));
        app.MapGet("/api/erasures", async (Tombstones tombstones, ClvOptions options, CancellationToken cancellationToken) =>
        {
            var list = new List<ErasureAnswer>();
            await foreach (var tombstone in tombstones.ListAsync(cancellationToken))
            {
                list.Add(ErasureAnswer.Of(tombstone, options.AuditDays));
                if (list.Count == MaxListed)
                {
                    break;
                }
            }

            return Results.Ok(new ErasureList([.. list.OrderByDescending(static erasure => erasure.RequestedAt)]));
        })
        .Requires(Roles.Operator)
        .Describes("listErasures", "Privacy", "Who is erased, by pseudonym", $"At most {MaxListed}.")
        .Answers<ErasureList>(StatusCodes.Status200OK, "The erasures with their receipts, the latest first.");
        app.MapGet("/api/erasures/{key}", async (string key, Tombstones tombstones, ClvOptions options, CancellationToken cancellationToken) =>
            !TryKey(key, out var of) ? NoKey()
                : await tombstones.FindAsync(of, cancellationToken) is { } tombstone ? Results.Ok(ErasureAnswer.Of(tombstone, options.AuditDays))
                : Unknown())
            .Requires(Roles.Operator)
            .Describes("getErasure", "Privacy", "An erasure with its receipt")
            .TakesPath("key", "The person's pseudonym.", PseudonymExample, Pseudonym)
            .Answers<ErasureAnswer>(StatusCodes.Status200OK, "How far it is and what was removed.")
            .Refuses(StatusCodes.Status400BadRequest, "What the path has is no pseudonym.")
            .Refuses(StatusCodes.Status404NotFound, "Nobody with this pseudonym is erased.");
        app.MapDelete("/api/erasures/{key}", async (string key, HttpContext context, Tombstones tombstones, AuditTable audit) =>
        {
            if (!TryKey(key, out var of))
            {
                return NoKey();
            }

            await audit.WriteAsync(new AuditEntry(context.GetCaller().Id, "lift", "requested", of.ToString()), context.RequestAborted);
            return await tombstones.LiftAsync(of, context.RequestAborted) ? Results.NoContent() : Unknown();
        })
        .Requires(Roles.Operator)
        .Describes("liftErasure", "Privacy", "Lets a person in again", "The next extract with the person counts; what was removed does not come back by itself.")
        .TakesPath("key", "The person's pseudonym.", PseudonymExample, Pseudonym)
        .Produces(StatusCodes.Status204NoContent)
        .Refuses(StatusCodes.Status400BadRequest, "What the path has is no pseudonym.")
        .Refuses(StatusCodes.Status404NotFound, "Nobody with this pseudonym is erased.");
    }

    /// <summary>What the API's document says of everything that is held of a person.</summary>
    /// <param name="id">The operation's name.</param>
    public static PersonText RecordText(string id) => new(id, "Privacy", "Everything that is held of a person", static route => route
        .IsWorded()
        .Answers<PersonRecord>(StatusCodes.Status200OK, "What the person may ask for; of somebody erased, the erasure alone.")
        .Refuses(StatusCodes.Status404NotFound, "Nothing is held of the person, or no night has been published."));

    /// <summary>Everything that is held of a person.</summary>
    public static async Task<IResult> RecordAsync(HttpContext context, ReadOnlyMemory<byte> id)
    {
        var records = context.RequestServices.GetRequiredService<PersonRecords>();
        var record = await records.FindAsync(id, RequestLanguage.Of(context), context.RequestAborted);
        return record switch
        {
            { Run: null, Erasure: null } => Problems.NothingPublished(),
            { Erasure: null } when !record.IsKnown() => Problems.NotFound(
                "Unknown customer", $"Run {record.Run!.Id} of {record.Run.Date:yyyy-MM-dd} has no customer with this id."),
            _ => Results.Ok(record),
        };
    }

    private static async Task<IResult> EraseAsync(HttpContext context, ReadOnlyMemory<byte> id)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<ClvOptions>();
        var key = CustomerKey.Of(id.Span, options.HashKey.Span);
        var caller = context.GetCaller().Id;
        await services.GetRequiredService<AuditTable>().WriteAsync(new AuditEntry(caller, "erase", "requested", key.ToString()), context.RequestAborted);
        var tombstone = await services.GetRequiredService<Tombstones>().RequestAsync(key, caller, Source, context.RequestAborted);
        try
        {
            // Whoever hangs up has asked all the same.
            tombstone = await services.GetRequiredService<Eraser>().EraseAsync(key, caller, Source, CancellationToken.None);
        }
        catch (Exception e) when (Resilience.IsStorageDown(e))
        {
            return Results.Problem(
                title: "The erasure is recorded and goes on by itself",
                detail: "Storage did not answer while it was under way. The person is kept out of every later night, and what is left is removed by itself; "
                    + $"ask again, or look at /api/erasures/{key}, for the receipt.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var answer = ErasureAnswer.Of(tombstone, options.AuditDays);
        return tombstone.State == ErasureState.Done ? Results.Ok(answer) : Results.Accepted($"/api/erasures/{key}", answer);
    }

    private static bool TryKey(string text, out CustomerKey key)
    {
        key = default;
        if (text.Length != CustomerKey.Size * 2 || !text.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        key = CustomerKey.Read(Convert.FromHexString(text));
        return true;
    }

    private static IResult NoKey() => Problems.Malformed("A pseudonym is 32 hexadecimal digits, as /api/erasures lists them.");

    private static IResult Unknown() => Problems.NotFound("Unknown erasure", "Nobody with this pseudonym is erased.");
}

/// <summary>Who is erased.</summary>
/// <param name="Erasures">The erasures, the latest first.</param>
internal sealed record ErasureList(IReadOnlyList<ErasureAnswer> Erasures);
