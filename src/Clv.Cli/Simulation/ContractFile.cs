namespace Clv.Cli.Simulation;

/// <summary>The contracts.</summary>
internal static class ContractFile
{
    /// <summary>The file.</summary>
    public static ExtractTable Table { get; } = new(
        "contracts",
        ["customer_id", "contract_id", "started_on", "term_months", "renews_on", "fee_per_term", "cancelled_on", "product"],
        "started_on",
        Rows);

    private static IEnumerable<object?[]> Rows(SimulatedPerson person, DateOnly day)
    {
        foreach (var whole in person.Contracts.Where(contract => contract.StartedOn <= day.DayNumber))
        {
            // Nobody knows of a cancellation before it was given.
            var contract = whole.CancelledOn <= day.DayNumber ? whole : whole with { CancelledOn = null };
            yield return
            [
                person.Id,
                contract.Id,
                DateOnly.FromDayNumber(contract.StartedOn),
                contract.TermMonths,
                contract.CancelledOn is null && contract.NextRenewal(day.DayNumber) is { } next ? DateOnly.FromDayNumber(next) : null,
                contract.FeePerTerm?.ToDecimal(),
                contract.CancelledOn is { } cancelled ? DateOnly.FromDayNumber(cancelled) : null,
                Code.Of(contract.Product),
            ];
        }
    }
}
