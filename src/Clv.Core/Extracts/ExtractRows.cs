using System.Text;
using CsvHelper;

namespace Clv.Core.Extracts;

/// <summary>
/// The rows of an extract file, whatever they hold: the header, one row after the other, and what is set aside. A file that is not one,
/// or stops being one, is refused with its line; nothing of its content gets into a message. Not thread-safe.
/// </summary>
internal sealed class ExtractRows : IDisposable
{
    /// <summary>The most columns a header may have: as many as a sheet of a spreadsheet.</summary>
    public const int MaxColumns = 16_384;

    private const int MaxRecordBytes = 1 << 20;

    private readonly CsvReader _csv;
    private readonly string _file;
    private readonly QuarantineHandler _quarantine;
    private readonly bool _hasHeader;
    private CsvMalformedRecord? _broken;
    private long _malformed;
    private long _refused;
    private long _row;
    private int _customer;
    private byte[]? _composedId;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the rows, and when the file is refused.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">The file's separator and encoding.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty or is not CSV.</exception>
    public ExtractRows(Stream content, string file, ExtractMapping mapping, QuarantineHandler quarantine)
    {
        _file = file;
        _quarantine = quarantine;
        _csv = CsvReader.Create(
            content,
            new CsvReaderOptions
            {
                Separator = mapping.ResolveSeparator(),
                Encoding = mapping.ResolveEncoding(),
                MaxRecordSize = MaxRecordBytes,
                TrackLineNumbers = true,
                IncludeValuesInExceptions = false,
                MalformedData = CsvMalformedDataHandling.Skip,
                FieldCountMismatch = CsvFieldCountHandling.Skip,
                OnMalformedRecord = SetAside,
            },
            leaveOpen: false);
        try
        {
            Header = Columns();
            _hasHeader = true;
        }
        catch
        {
            _csv.Dispose();
            throw;
        }
    }

    /// <summary>The headers, each on one line.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The 1-based line of the header, or of the current row.</summary>
    public long Line => _csv.LineNumber;

    /// <summary>Rows read so far, without the header and empty lines; the used ones and the quarantined.</summary>
    public long RowsRead => _row + _malformed;

    /// <summary>Rows handed to the quarantine so far.</summary>
    public long RowsQuarantined => _refused + _malformed;

    /// <summary>The customer's id that <see cref="TryReadCustomer"/> found, in its one spelling. Valid until the next row.</summary>
    public ReadOnlySpan<byte> CustomerId => _composedId ?? _csv.GetSpan(_customer).Trim(" \t"u8);

    /// <summary>A cell of the current row in UTF-8. Valid until the next row.</summary>
    public ReadOnlySpan<byte> this[int column] => _csv.GetSpan(column);

    /// <summary>Advances to the next row that is one.</summary>
    /// <exception cref="ExtractRefusedException">The file stops being CSV: an unclosed quote, or a row longer than 1 MiB.</exception>
    public bool MoveNext()
    {
        bool more;
        try
        {
            more = _csv.Read();
        }
        catch (Exception e) when (e is CsvFormatException or InvalidDataException or DecoderFallbackException)
        {
            throw Broken(e);
        }

        ThrowIfBroken();
        _row += more ? 1 : 0;
        return more;
    }

    /// <summary>Reads the current row's customer.</summary>
    /// <param name="column">The column of the id.</param>
    /// <param name="reason">Why it cannot be an id.</param>
    public bool TryReadCustomer(int column, out QuarantineReason reason)
    {
        _customer = column;
        var cell = _csv.GetSpan(column);
        if (!Clv.Core.CustomerId.TryNormalise(cell, out var id, out reason))
        {
            return false;
        }

        // What is not a part of the cell is another spelling of it, even where that is plain ASCII.
        _composedId = cell.Overlaps(id) ? null : id.ToArray();
        return true;
    }

    /// <summary>Sets the current row aside.</summary>
    /// <param name="column">The contract's name of the column at fault.</param>
    /// <param name="reason">Why.</param>
    public void SetAside(string column, QuarantineReason reason)
    {
        _refused++;
        _quarantine(new QuarantinedRow(_csv.LineNumber, column, reason, _csv.RawRecord));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _csv.Dispose();

    private List<string> Columns()
    {
        try
        {
            _csv.ReadHeader();
        }
        catch (Exception e) when (e is CsvFormatException or InvalidDataException or DecoderFallbackException)
        {
            throw Broken(e);
        }

        if (_csv.Headers.Any(IsBinary) || IsBinary(_broken?.RawRecord ?? ""))
        {
            throw new ExtractRefusedException(_file, NoText(_csv.Headers is [{ Length: > 0 } first, ..] ? first : _broken?.RawRecord ?? ""), _csv.LineNumber);
        }

        ThrowIfBroken();
        if (_csv.Headers is [] or [""])
        {
            throw new ExtractRefusedException(_file, "the file is empty: it needs at least a header row");
        }

        if (_csv.Headers.Count > MaxColumns)
        {
            throw new ExtractRefusedException(
                _file, $"its header has more than {MaxColumns:N0} columns: export the ones that are needed", _csv.LineNumber);
        }

        // Spreadsheets break long headings into lines.
        return [.. _csv.Headers.Select(static name => name.ReplaceLineEndings(" "))];
    }

    private static string NoText(string start) => start switch
    {
        ['P', 'K', <= '\u0008', ..] => "a ZIP archive or a spreadsheet's workbook, not CSV: save it as CSV",
        ['\u001f', ..] => "it was compressed twice: deliver it compressed once or not at all",
        _ => $"not a text file: its header has control characters. If it is UTF-16, set \"encoding\" in {ExtractMapping.FileName}",
    };

    private static bool IsBinary(string text) => text.Any(static c => char.IsControl(c) && c is not ('\r' or '\n' or '\t'));

    private void ThrowIfBroken()
    {
        if (_broken is { } record)
        {
            throw new ExtractRefusedException(
                _file,
                record.Reason == CsvMalformedReason.UnterminatedQuote
                    ? "a quote is opened here and never closed, which hides the rest of the file: double or remove it"
                    : "the header's quotes are broken: a quote inside a field must be doubled and the field quoted",
                record.LineNumber);
        }
    }

    private ExtractRefusedException Broken(Exception e) => e switch
    {
        InvalidDataException => new(_file, "the compressed data is broken or cut short: deliver the file again", cause: e),
        CsvFormatException csv => new(
            _file,
            "a row is longer than 1 MiB, which no row is: a quote may be opened here and never closed, or the file have no line ends; deliver it as CSV",
            csv.LineNumber > 0 ? csv.LineNumber : null,
            e),
        _ => new(_file, $"not readable in the file's encoding: set \"encoding\" in {ExtractMapping.FileName}", cause: e),
    };

    private void SetAside(CsvMalformedRecord record)
    {
        // The row behind a broken header must not be taken for one.
        if (record.Reason == CsvMalformedReason.UnterminatedQuote || !_hasHeader)
        {
            _broken ??= record;
            return;
        }

        if (!record.Skipped)
        {
            return;
        }

        _malformed++;
        var reason = record.Reason == CsvMalformedReason.FieldCountMismatch ? QuarantineReason.FieldCount : QuarantineReason.Quoting;
        _quarantine(new QuarantinedRow(record.LineNumber, "", reason, Encoding.UTF8.GetBytes(record.RawRecord)));
    }
}
