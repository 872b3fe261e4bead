using System.Globalization;
using System.Text.Json.Nodes;
using Clv.Functions.Access;
using Clv.Functions.Audit;
using Clv.Functions.Description;
using Microsoft.OpenApi;

namespace Clv.Functions.Api;

/// <summary>GET /api/audit?day=yyyy-MM-dd: who did what on a day, a page at a time.</summary>
internal static class AuditEndpoints
{
    private const int DefaultRows = 200;
    private const int MaxRows = 1000;
    private const int MaxAfter = 64;

    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/audit", async (string? day, string? limit, string? after, AuditTable audit, CancellationToken cancellationToken) =>
        {
            if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return Problems.Malformed("Give the day, which begins at midnight UTC: /api/audit?day=2026-11-20.");
            }

            var rows = DefaultRows;
            if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out rows) || rows is < 1 or > MaxRows))
            {
                return Problems.Malformed($"\"limit\" must be a whole number from 1 to {MaxRows}.");
            }

            if (after?.Length > MaxAfter)
            {
                return Problems.Malformed("\"after\" must be the \"next\" of the page before.");
            }

            var page = await audit.ReadAsync(date, after, rows, cancellationToken);
            return Results.Ok(new AuditAnswer(
                date,
                [.. page.Entries.Select(static row => new AuditRow(
                    row.At, row.Entry.Who, row.Entry.Action, row.Entry.Outcome, row.Entry.Customer, row.Entry.Run, row.Entry.Detail))],
                page.Next));
        })
        .Requires(Roles.Operator)
        .Describes("getAudit", "Audit", "Who did what on a day", "A page at a time, in the order in which it was written down.")
        .TakesQuery("day", "The day, which begins at midnight UTC.", "2026-11-20", required: true, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" })
        .TakesQuery(
            "limit",
            "How many rows at most.",
            DefaultRows,
            schema: new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{MaxRows}", Default = JsonValue.Create(DefaultRows) })
        .TakesQuery("after", "The `next` of the page before.", "0204115830000-1f0c92ab1f0c92ab1f0c92ab1f0c92ab", schema: new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = MaxAfter })
        .Answers<AuditAnswer>(StatusCodes.Status200OK, "A page of the day.")
        .Refuses(StatusCodes.Status400BadRequest, "A parameter is missing or wrong.");
}

/// <summary>A page of the audit.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Entries">What was done, in the order in which it was written down.</param>
/// <param name="Next">What the next page comes after; null when there is none.</param>
internal sealed record AuditAnswer(DateOnly Day, IReadOnlyList<AuditRow> Entries, string? Next);

/// <summary>One thing that somebody did.</summary>
/// <param name="At">When it was written down.</param>
/// <param name="Who">The caller: an object id or the name of a key, never a person's name; night for what a night does by itself.</param>
/// <param name="Action">What was done, such as lookup, explain, record, erase, lift, start or publish.</param>
/// <param name="Outcome">How it ended, such as found, unknown, requested, done, refused or failed.</param>
/// <param name="Customer">The customer's pseudonym, where it concerns one.</param>
/// <param name="Run">The run, where it concerns one.</param>
/// <param name="Detail">What else is to be known, such as an operator's reason.</param>
internal sealed record AuditRow(DateTimeOffset At, string Who, string Action, string Outcome, string? Customer, string? Run, string? Detail);
