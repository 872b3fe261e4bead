namespace Clv.Core.Extracts;

/// <summary>
/// Reads an extract file row by row. Every row is checked; a row that cannot be used goes to the quarantine handler with its line, column and
/// reason, and reading goes on. Not thread-safe.
/// </summary>
public abstract class ExtractReader : IDisposable
{
    private readonly string _file;
    private ExtractColumn _faulty;
    private QuarantineReason _reason;

    private protected ExtractReader(Stream content, string file, ExtractMapping mapping, QuarantineHandler quarantine)
    {
        _file = file;
        Amounts = mapping.ResolveAmounts();
        Dates = mapping.ResolveDates();
        Rows = new ExtractRows(content, file, mapping, quarantine);
    }

    /// <summary>Rows read so far, without the header and empty lines; the used ones and the quarantined.</summary>
    public long RowsRead => Rows.RowsRead;

    /// <summary>Rows handed to the quarantine so far.</summary>
    public long RowsQuarantined => Rows.RowsQuarantined;

    /// <summary>Headers that the contract does not know, in the order of the file.</summary>
    public IReadOnlyList<string> UnknownColumns { get; private set; } = [];

    /// <summary>The file's rows.</summary>
    private protected ExtractRows Rows { get; }

    /// <summary>How the file writes amounts.</summary>
    private protected AmountFormat Amounts { get; }

    /// <summary>How the file writes dates.</summary>
    private protected DateFormat Dates { get; }

    /// <summary>Advances to the next usable row.</summary>
    /// <exception cref="ExtractRefusedException">The file stops being CSV: an unclosed quote, or a row longer than 1 MiB.</exception>
    public bool Read()
    {
        while (Rows.MoveNext())
        {
            if (CheckRow())
            {
                return true;
            }

            Rows.SetAside(_faulty.Name, _reason);
        }

        return false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    /// <param name="disposing">Whether it is closed by its user.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Rows.Dispose();
        }
    }

    /// <summary>Reads the current row; on failure <see cref="Refuse"/> has said why.</summary>
    private protected abstract bool CheckRow();

    /// <summary>Finds the columns in the header, and closes the file when that fails.</summary>
    /// <exception cref="ExtractRefusedException">The header cannot be used.</exception>
    private protected T Resolve<T>(Func<HeaderColumns, T> layout)
    {
        try
        {
            var header = new HeaderColumns(_file, Rows.Header, Rows.Line);
            var found = layout(header);
            UnknownColumns = header.Unknown;
            return found;
        }
        catch
        {
            Rows.Dispose();
            throw;
        }
    }

    /// <summary>A refusal of the whole file at the current row.</summary>
    private protected ExtractRefusedException Refused(string problem) => new(_file, problem, Rows.Line);

    /// <summary>A cell of the current row in UTF-8. Valid until the next row.</summary>
    private protected ReadOnlySpan<byte> Cell(ExtractColumn column) => Rows[column.Index];

    /// <summary>Says why the current row cannot be used.</summary>
    /// <returns>Always false, the result of the check that failed.</returns>
    private protected bool Refuse(ExtractColumn column, QuarantineReason reason)
    {
        (_faulty, _reason) = (column, reason);
        return false;
    }
}
