namespace Azure.Data.Tables.Wire;

/// <summary>
/// Where the next page begins, as one opaque string. The parts are escaped before they are joined, because nothing promises that the
/// service's markers contain no separator. Either may be missing: a page can end between partitions.
/// </summary>
internal static class ContinuationToken
{
    public static string? Join(string? partition, string? row) =>
        partition is null && row is null ? null : $"{Uri.EscapeDataString(partition ?? "")} {Uri.EscapeDataString(row ?? "")}";

    public static (string? Partition, string? Row) Split(string? token)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            return (null, null);
        }

        var parts = token.Split(' ', 2);
        return (Part(parts[0]), parts.Length > 1 ? Part(parts[1]) : null);
    }

    private static string? Part(string text) => text.Length == 0 ? null : Uri.UnescapeDataString(text);
}
