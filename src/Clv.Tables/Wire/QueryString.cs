using System.Globalization;

namespace Azure.Data.Tables.Wire;

/// <summary>The query part of a listing's address.</summary>
internal static class QueryString
{
    /// <param name="filter">An OData filter, or null for everything.</param>
    /// <param name="top">Rows per page, or null for the service's 1,000.</param>
    /// <param name="select">Columns, or null for all.</param>
    /// <param name="next">Continuation parameters, as name and value.</param>
    public static string Of(string? filter, int? top, IEnumerable<string>? select, params ReadOnlySpan<(string Name, string? Value)> next)
    {
        var query = "";
        Append("$filter", string.IsNullOrEmpty(filter) ? null : filter);
        Append("$top", top?.ToString(CultureInfo.InvariantCulture));
        Append("$select", select is null ? null : string.Join(',', select) is { Length: > 0 } columns ? columns : null);
        foreach (var (name, value) in next)
        {
            Append(name, value);
        }

        return query;

        void Append(string name, string? value)
        {
            if (value is not null)
            {
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
            }
        }
    }
}
