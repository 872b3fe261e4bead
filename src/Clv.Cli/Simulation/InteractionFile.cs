using System.Text.Json;

namespace Clv.Cli.Simulation;

/// <summary>The contacts.</summary>
internal static class InteractionFile
{
    /// <summary>The file.</summary>
    public static ExtractTable Table { get; } = new("interactions", ["customer_id", "occurred_at", "kind", "cost"], "occurred_at", Rows);

    private static IEnumerable<object?[]> Rows(SimulatedPerson person, DateOnly day) => person.Contacts
        .Where(contact => contact.Day <= day.DayNumber)
        .Select(contact => (object?[])[
            person.Id,
            DateOnly.FromDayNumber(contact.Day),
            Code.Of(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{contact.Kind}")),
            contact.Cost?.ToDecimal()]);
}
