using System.Text;
using Clv.Core.History;
using CsvHelper;

namespace Clv.Core.Extracts;

/// <summary>
/// A file of rows that were set aside: the row as it stands in the extract file, so that it can be mended and delivered again, its line and column, and
/// the reason. It is for people, who open it in a spreadsheet: the row comes first and quoted, so that no separator in it starts a cell, and as
/// <see cref="SpreadsheetText"/>, so that it is not run.
/// </summary>
public sealed class QuarantineCsv : IDisposable
{
    private const int MaxRowBytes = 1 << 22;
    private const int Columns = 4;
    private const int Row = 0;

    private readonly CsvWriter _csv;

    /// <summary>Starts a file.</summary>
    /// <param name="output">Receives it; is left open.</param>
    public QuarantineCsv(Stream output)
    {
        _csv = CsvWriter.Create(output, new CsvWriterOptions { Injection = CsvInjection.None, Quoting = CsvQuoting.Always }, leaveOpen: true);
        foreach (var header in (ReadOnlySpan<string>)["row", "line", "column", "reason"])
        {
            _csv.WriteField(header);
        }

        _csv.EndRecord();
    }

    /// <summary>Adds a row.</summary>
    public void Add(QuarantinedRow row) => Write(row.Raw, row.Line, row.Column, row.Reason.Describe());

    /// <summary>Says, as the last row, that there are more than the file has.</summary>
    /// <param name="line">The line of the first that is left out.</param>
    public void AddEnd(long line) =>
        Write(default, line, "", "this row and more of them from here on were set aside and counted, but there are too many to be written here");

    /// <summary>Writes out what is kept back.</summary>
    public void Flush() => _csv.Flush();

    /// <summary>Frees the writer.</summary>
    public void Dispose() => _csv.Dispose();

    /// <summary>Copies a file without some people's rows; the others keep their lines.</summary>
    /// <param name="from">The file; is left open.</param>
    /// <param name="owner">Finds out whose a row is.</param>
    /// <param name="erased">The people who are left out.</param>
    /// <param name="to">Receives the rest.</param>
    /// <returns>How many rows each person who was left out had.</returns>
    public static IReadOnlyDictionary<CustomerKey, int> Copy(Stream from, RawRowOwner owner, IReadOnlySet<CustomerKey> erased, Stream to)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var removed = new Dictionary<CustomerKey, int>();
        using var rows = Open(from);
        using var copy = new QuarantineCsv(to);
        while (rows.Read())
        {
            var found = owner.Find(SpreadsheetText.Original(rows.GetSpan(Row)), erased);
            foreach (var key in found)
            {
                removed[key] = removed.GetValueOrDefault(key) + 1;
            }

            if (found.Count > 0)
            {
                continue;
            }

            for (var column = 0; column < Columns; column++)
            {
                copy._csv.WriteField(rows.GetSpan(column));
            }

            copy._csv.EndRecord();
        }

        copy.Flush();
        return removed;
    }

    /// <summary>A person's rows in a file, without the rows themselves: where it is somebody else's, it is not shown to the wrong person.</summary>
    /// <param name="from">The file; is left open.</param>
    /// <param name="owner">Finds out whose a row is.</param>
    /// <param name="key">The person.</param>
    public static IReadOnlyList<(long Line, string Column, string Reason)> Find(Stream from, RawRowOwner owner, CustomerKey key)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var people = new HashSet<CustomerKey> { key };
        var found = new List<(long, string, string)>();
        using var rows = Open(from);
        while (rows.Read())
        {
            if (owner.Find(SpreadsheetText.Original(rows.GetSpan(Row)), people).Count > 0)
            {
                found.Add((rows.Parse<long>(1), rows.GetString(2), rows.GetString(3)));
            }
        }

        return found;
    }

    private void Write(ReadOnlySpan<byte> raw, long line, string column, string reason)
    {
        _csv.WriteField(SpreadsheetText.Of(raw));
        _csv.WriteField(line);
        _csv.WriteField(column);
        _csv.WriteField(reason);
        _csv.EndRecord();
    }

    private static CsvReader Open(Stream from) => CsvReader.Create(
        from,
        new CsvReaderOptions { Separator = ',', Encoding = Encoding.UTF8, MaxRecordSize = MaxRowBytes, IncludeValuesInExceptions = false },
        leaveOpen: true);
}
