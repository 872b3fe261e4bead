namespace Clv.Core.Extracts;

/// <summary>Finds the columns of the contract in a file's header, and remembers what was missing and what nobody asked for.</summary>
internal sealed class HeaderColumns(string file, IReadOnlyList<string> header, long line)
{
    /// <summary>Usual names of a customer's id.</summary>
    public static readonly string[] CustomerNames =
        ["customer_id", "customer", "cust_id", "client_id", "account_id", "id", "kundennummer", "kunden_nr", "kunden_id", "kunde"];

    /// <summary>Usual names of a currency.</summary>
    public static readonly string[] CurrencyNames = ["currency", "currency_code", "waehrung", "währung"];

    private readonly HashSet<int> _asked = [];
    private readonly List<string> _missing = [];

    /// <summary>Headers that were not asked for, in the order of the file.</summary>
    public IReadOnlyList<string> Unknown => [.. header.Where((_, i) => !_asked.Contains(i))];

    /// <summary>Finds a column.</summary>
    /// <param name="column">The contract's name.</param>
    /// <param name="stated">The mapping's name, or null.</param>
    /// <param name="usual">Names that mean the column where the mapping states none, the likeliest first.</param>
    /// <param name="required">Whether a file without the column is refused; one that lacks a stated column always is.</param>
    /// <returns>The column, whether the file has it or not.</returns>
    /// <exception cref="ExtractRefusedException">Two columns could be meant.</exception>
    public ExtractColumn Find(string column, string? stated, string[] usual, bool required)
    {
        var index = stated is not null
            ? Match(stated, column)
            : usual.Select(name => Match(name, column)).FirstOrDefault(static i => i >= 0, -1);
        if (index < 0 && (required || stated is not null))
        {
            _missing.Add(stated is null ? column : $"{column} (mapped to \"{stated}\")");
        }

        _asked.Add(index);
        return new ExtractColumn(column, index);
    }

    /// <summary>Finds every column that holds one of several like things, such as the numbers of a customer.</summary>
    /// <param name="column">The contract's name.</param>
    /// <param name="stated">The mapping's names, each of which the file must have, or null.</param>
    /// <param name="usual">Names that mean such a column where the mapping states none; the file may have none, some or all of them.</param>
    /// <returns>The columns, in the order of the file.</returns>
    public IReadOnlyList<ExtractColumn> FindAll(string column, IReadOnlyList<string>? stated, string[] usual)
    {
        var found = new SortedSet<int>();
        foreach (var name in stated ?? usual)
        {
            var matches = Enumerable.Range(0, header.Count).Where(i => Same(header[i], name)).ToList();
            if (matches.Count == 0 && stated is not null)
            {
                _missing.Add($"{column} (mapped to \"{name}\")");
            }

            found.UnionWith(matches);
        }

        _asked.UnionWith(found);
        return [.. found.Select(index => new ExtractColumn(column, index))];
    }

    /// <summary>Refuses the file when a column is missing.</summary>
    /// <param name="required">The names of the columns that a file of this kind needs, as a phrase.</param>
    /// <exception cref="ExtractRefusedException">A required or stated column is missing.</exception>
    public void ThrowIfMissing(string required)
    {
        if (_missing.Count > 0)
        {
            // The header itself is not quoted: in a file without one it would be a customer's row.
            throw new ExtractRefusedException(
                file,
                $"no column for {string.Join(", ", _missing)} among {header.Count} in the header. Name {required}, or map them in {ExtractMapping.FileName}",
                line);
        }
    }

    private int Match(string name, string column)
    {
        // A column called exactly so wins over one that is only called nearly so.
        var exact = header.Any(h => h == name);
        var found = -1;
        for (var i = 0; i < header.Count; i++)
        {
            if (exact ? header[i] != name : !Same(header[i], name))
            {
                continue;
            }

            if (found >= 0)
            {
                throw new ExtractRefusedException(file, $"columns {found + 1} and {i + 1} could both be {column}: rename one", line);
            }

            found = i;
        }

        return found;
    }

    // "Customer ID", "customer-id" and "CustomerId" are the same name; ß and umlauts are compared as they are.
    private static bool Same(string left, string right) =>
        Bare(left) is { Length: > 0 } bare && string.Equals(bare, Bare(right), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit));
}
