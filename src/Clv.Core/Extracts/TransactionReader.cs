using System.Text;
using CsvHelper;

namespace Clv.Core.Extracts;

/// <summary>
/// Reads a transaction file row by row without an object per row. Every row is checked; a row that cannot be used goes to the
/// quarantine handler with its line, column and reason, and reading goes on. Not thread-safe.
/// </summary>
public sealed class TransactionReader : IDisposable
{
    /// <summary>The <see cref="Margin"/> of a row whose margin is not known.</summary>
    public const long NoMargin = long.MinValue;

    private const int MaxRecordBytes = 1 << 20;

    private readonly CsvReader _csv;
    private readonly string _file;
    private readonly TransactionLayout _layout;
    private readonly AmountFormat _amounts;
    private readonly DateFormat _dates;
    private readonly byte[]? _reportingCurrency;
    private readonly TransactionRules _rules;
    private readonly QuarantineHandler _quarantine;
    private CsvMalformedRecord? _broken;
    private long _malformed;
    private long _refused;
    private long _row;
    private byte[]? _composedId;
    private int _day;
    private long _micros;
    private long _margin = NoMargin;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the reader.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">How to read it.</param>
    /// <param name="rules">What a row must satisfy beyond its format.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty, is not CSV, or its header lacks a required column.</exception>
    public TransactionReader(Stream content, string file, ExtractMapping mapping, TransactionRules rules, QuarantineHandler quarantine)
    {
        _file = file;
        _rules = rules;
        _quarantine = quarantine;
        _amounts = mapping.ResolveAmounts();
        _dates = mapping.ResolveDates();
        _reportingCurrency = mapping.ReportingCurrency is { } code ? Encoding.UTF8.GetBytes(code) : null;
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
            _layout = Guarded(() =>
            {
                _csv.ReadHeader();
                return Layout(mapping);
            });
        }
        catch
        {
            _csv.Dispose();
            throw;
        }
    }

    /// <summary>The id of the current row's customer in its one spelling (<see cref="Clv.Core.CustomerId"/>), UTF-8. Valid until the next read.</summary>
    public ReadOnlySpan<byte> CustomerId => _composedId ?? _csv.GetSpan(_layout.CustomerId).Trim(" \t"u8);

    /// <summary>The current row's business day as in <see cref="DateOnly.DayNumber"/>.</summary>
    public int Day => _day;

    /// <summary>The current row's amount in millionths; negative is a return.</summary>
    public long Micros => _micros;

    /// <summary>The current row's contribution margin in millionths, or <see cref="NoMargin"/>.</summary>
    public long Margin => _margin;

    /// <summary>The current row's transaction id in UTF-8, or empty. Valid until the next read.</summary>
    public ReadOnlySpan<byte> TransactionId => _layout.TransactionId < 0 ? default : _csv.GetSpan(_layout.TransactionId).Trim(" \t"u8);

    /// <summary>Whether the file has a column of transaction ids.</summary>
    public bool HasTransactionIds => _layout.TransactionId >= 0;

    /// <summary>Whether the file has a column of margins.</summary>
    public bool HasMargins => _layout.Margin >= 0;

    /// <summary>Rows read so far, without the header and empty lines; the used ones and the quarantined.</summary>
    public long RowsRead => _row + _malformed;

    /// <summary>Rows handed to the quarantine so far.</summary>
    public long RowsQuarantined => _refused + _malformed;

    /// <summary>Headers that the contract does not know, in the order of the file.</summary>
    public IReadOnlyList<string> UnknownColumns => _layout.Unknown;

    /// <summary>Advances to the next usable row.</summary>
    /// <exception cref="ExtractRefusedException">The file stops being CSV: an unclosed quote, or a row longer than 1 MiB.</exception>
    public bool Read()
    {
        while (MoveNext())
        {
            _row++;
            if (!CheckRow(out var column, out var reason))
            {
                _refused++;
                _quarantine(new QuarantinedRow(_csv.LineNumber, column, reason, _csv.RawRecord));
                continue;
            }

            return true;
        }

        return false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _csv.Dispose();

    private bool MoveNext()
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
        return more;
    }

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

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CsvFormatException or InvalidDataException or DecoderFallbackException)
        {
            throw Broken(e);
        }
    }

    private ExtractRefusedException Broken(Exception e) => e switch
    {
        InvalidDataException => new(_file, "the compressed data is broken or cut short: deliver the file again", cause: e),
        CsvFormatException { LineNumber: > 0 } csv => new(_file, $"not readable as CSV with rows of at most 1 MiB: {e.Message}", csv.LineNumber, e),
        _ => new(_file, $"not readable as CSV with rows of at most 1 MiB: {e.Message}", cause: e),
    };

    private TransactionLayout Layout(ExtractMapping mapping)
    {
        if (_csv.Headers.Any(IsBinary) || IsBinary(_broken?.RawRecord ?? ""))
        {
            throw new ExtractRefusedException(
                _file,
                $"not a text file: its header has control characters. If it is UTF-16, set \"encoding\" in {ExtractMapping.FileName}",
                _csv.LineNumber);
        }

        ThrowIfBroken();
        if (_csv.Headers is [] or [""])
        {
            throw new ExtractRefusedException(_file, "the file is empty: it needs at least a header row");
        }

        // Spreadsheets break long headings into lines.
        var header = _csv.Headers.Select(static name => name.ReplaceLineEndings(" ")).ToList();
        return TransactionLayout.Resolve(_file, header, mapping.Transactions.Columns, _csv.LineNumber);
    }

    private static bool IsBinary(string text) => text.Any(static c => char.IsControl(c) && c is not ('\r' or '\n' or '\t'));

    private bool CheckRow(out string column, out QuarantineReason reason)
    {
        column = "customer_id";
        var cell = _csv.GetSpan(_layout.CustomerId);
        if (!Clv.Core.CustomerId.TryNormalise(cell, out var id, out reason))
        {
            return false;
        }

        // What is not a part of the cell is another spelling of it, even where that is plain ASCII.
        _composedId = cell.Overlaps(id) ? null : id.ToArray();

        column = "occurred_at";
        if (!_dates.TryParse(_csv.GetSpan(_layout.OccurredAt), out _day, out reason))
        {
            return false;
        }

        if (_day > _rules.LastDay)
        {
            reason = QuarantineReason.AfterObservationEnd;
            return false;
        }

        column = "amount";
        if (!_amounts.TryParse(_csv.GetSpan(_layout.Amount), out _micros, out reason))
        {
            return false;
        }

        if (_layout.Times >= 0 && !Multiply(out reason))
        {
            return false;
        }

        column = "margin";
        if (_layout.Margin >= 0 && !_amounts.TryParse(_csv.GetSpan(_layout.Margin), out _margin, out reason))
        {
            if (reason != QuarantineReason.Empty)
            {
                return false;
            }

            _margin = NoMargin;
        }

        column = "currency";
        if (_layout.Currency >= 0 && !IsReportingCurrency(_csv.GetSpan(_layout.Currency).Trim(" \t"u8)))
        {
            reason = QuarantineReason.NoRate;
            return false;
        }

        column = "transaction_id";
        var transaction = TransactionId;
        reason = transaction.IsEmpty ? QuarantineReason.NoTransactionId : QuarantineReason.TooLong;
        return transaction.IsEmpty ? !_rules.NeedsTransactionId : transaction.Length <= Clv.Core.CustomerId.MaxBytes;
    }

    private bool Multiply(out QuarantineReason reason)
    {
        if (!_amounts.TryParse(_csv.GetSpan(_layout.Times), out var factor, out reason))
        {
            return false;
        }

        var (whole, rest) = Int128.DivRem((Int128)_micros * factor, Money.Scale);
        var twice = Int128.Abs(rest) * 2;
        if (twice > Money.Scale || (twice == Money.Scale && Int128.IsOddInteger(whole)))
        {
            whole += Int128.Sign(rest);
        }

        if (whole > long.MaxValue || whole < -long.MaxValue)
        {
            reason = QuarantineReason.OutOfRange;
            return false;
        }

        _micros = (long)whole;
        return true;
    }

    // Without a stated reporting currency a currency cell must be empty: amounts of unknown currencies are never added up.
    private bool IsReportingCurrency(ReadOnlySpan<byte> cell) =>
        cell.IsEmpty || (_reportingCurrency is not null && Ascii.EqualsIgnoreCase(cell, _reportingCurrency));

    private void SetAside(CsvMalformedRecord record)
    {
        // Without a layout yet it is the header, and the row behind it must not be taken for one.
        if (record.Reason == CsvMalformedReason.UnterminatedQuote || _layout is null)
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

/// <summary>What a transaction must satisfy beyond its format.</summary>
/// <param name="LastDay">The last day of the observation window (<see cref="DateOnly.DayNumber"/>); later rows are quarantined.</param>
/// <param name="NeedsTransactionId">Whether a row without a transaction id is quarantined, as in a delta.</param>
public readonly record struct TransactionRules(int LastDay, bool NeedsTransactionId)
{
    /// <summary>Any day, with or without an id.</summary>
    public static TransactionRules Any { get; } = new(int.MaxValue, NeedsTransactionId: false);
}
