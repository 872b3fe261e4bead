namespace Clv.Cli.Simulation;

/// <summary>The transactions.</summary>
internal static class TransactionFile
{
    /// <summary>The file; an empty currency is the reporting currency, so that it reads without a mapping too.</summary>
    public static ExtractTable Table { get; } = new(
        "transactions",
        ["customer_id", "occurred_at", "amount", "transaction_id", "margin", "category", "currency", "channel"],
        "occurred_at",
        Rows);

    private static IEnumerable<object?[]> Rows(SimulatedPerson person, DateOnly day) => person.Sales
        .Where(sale => sale.Day <= day.DayNumber)
        .Select(sale => (object?[])[
            person.Id, DateOnly.FromDayNumber(sale.Day), sale.Amount, sale.Id, sale.Margin, Code.Of(sale.Category), person.Traits.Region.Currency,
            Code.Of(sale.Channel)]);
}
