namespace Azure.Data.Tables.Wire;

/// <summary>Addresses below an account.</summary>
internal static class EntityPath
{
    public const string Tables = "Tables";

    public static string Table(string table) => $"Tables('{Escape(table)}')";

    /// <summary>The rows of a table, to insert into.</summary>
    public static string Rows(string table) => Uri.EscapeDataString(table);

    public static string Row(string table, string partitionKey, string rowKey) =>
        $"{Uri.EscapeDataString(table)}(PartitionKey='{Escape(partitionKey)}',RowKey='{Escape(rowKey)}')";

    /// <summary>OData doubles a quote inside a literal; percent-encoding is a layer on top of that.</summary>
    private static string Escape(string literal) => Uri.EscapeDataString(literal.Replace("'", "''", StringComparison.Ordinal));
}
