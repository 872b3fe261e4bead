using System.Globalization;
using Clv.Functions.Access;
using Clv.Functions.Audit;

namespace Clv.Functions.Api;

/// <summary>GET /api/audit?day=yyyy-MM-dd: who did what on a day, a page at a time.</summary>
internal static class AuditEndpoints
{
    private const int DefaultRows = 200;
    private const int MaxRows = 1000;
    private const int MaxAfter = 64;

    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/audit", async (string? day, int? limit, string? after, AuditTable audit, CancellationToken cancellationToken) =>
        {
            if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return Problems.Malformed("Give the day, which begins at midnight UTC: /api/audit?day=2026-11-20.");
            }

            if (limit is < 1 or > MaxRows)
            {
                return Problems.Malformed($"\"limit\" must be from 1 to {MaxRows}.");
            }

            if (after?.Length > MaxAfter)
            {
                return Problems.Malformed("\"after\" must be the \"next\" of the page before.");
            }

            var page = await audit.ReadAsync(date, after, limit ?? DefaultRows, cancellationToken);
            return Results.Ok(new
            {
                Day = date,
                Entries = page.Entries.Select(static row =>
                    new { row.At, row.Entry.Who, row.Entry.Action, row.Entry.Outcome, row.Entry.Customer, row.Entry.Run, row.Entry.Detail }),
                page.Next,
            });
        }).Requires(Roles.Operator);
}
