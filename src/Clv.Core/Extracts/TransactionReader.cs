using System.Text;

namespace Clv.Core.Extracts;

/// <summary>
/// Reads a transaction file row by row without an object per row. Every row is checked; a row that cannot be used goes to the
/// quarantine handler with its line, column and reason, and reading goes on. Not thread-safe.
/// </summary>
public sealed class TransactionReader : IDisposable
{
    /// <summary>The <see cref="Margin"/> of a row whose margin is not known.</summary>
    public const long NoMargin = long.MinValue;

    private readonly ExtractRows _rows;
    private readonly TransactionLayout _layout;
    private readonly AmountFormat _amounts;
    private readonly DateFormat _dates;
    private readonly byte[]? _reportingCurrency;
    private readonly TransactionRules _rules;
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
        _rules = rules;
        _amounts = mapping.ResolveAmounts();
        _dates = mapping.ResolveDates();
        _reportingCurrency = mapping.ReportingCurrency is { } code ? Encoding.UTF8.GetBytes(code) : null;
        _rows = new ExtractRows(content, file, mapping, quarantine);
        try
        {
            _layout = TransactionLayout.Resolve(file, _rows.Header, mapping.Transactions.Columns, _rows.Line);
        }
        catch
        {
            _rows.Dispose();
            throw;
        }
    }

    /// <summary>The id of the current row's customer in its one spelling (<see cref="Clv.Core.CustomerId"/>), UTF-8. Valid until the next read.</summary>
    public ReadOnlySpan<byte> CustomerId => _rows.CustomerId;

    /// <summary>The current row's business day as in <see cref="DateOnly.DayNumber"/>.</summary>
    public int Day => _day;

    /// <summary>The current row's amount in millionths; negative is a return.</summary>
    public long Micros => _micros;

    /// <summary>The current row's contribution margin in millionths, or <see cref="NoMargin"/>.</summary>
    public long Margin => _margin;

    /// <summary>The current row's transaction id in UTF-8, or empty. Valid until the next read.</summary>
    public ReadOnlySpan<byte> TransactionId => _layout.TransactionId < 0 ? default : _rows[_layout.TransactionId].Trim(" \t"u8);

    /// <summary>The current row's category in UTF-8, or empty. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Category => _layout.Category < 0 ? default : _rows[_layout.Category].Trim(" \t"u8);

    /// <summary>Whether the file has a column of transaction ids.</summary>
    public bool HasTransactionIds => _layout.TransactionId >= 0;

    /// <summary>Whether the file has a column of margins.</summary>
    public bool HasMargins => _layout.Margin >= 0;

    /// <summary>Rows read so far, without the header and empty lines; the used ones and the quarantined.</summary>
    public long RowsRead => _rows.RowsRead;

    /// <summary>Rows handed to the quarantine so far.</summary>
    public long RowsQuarantined => _rows.RowsQuarantined;

    /// <summary>Headers that the contract does not know, in the order of the file.</summary>
    public IReadOnlyList<string> UnknownColumns => _layout.Unknown;

    /// <summary>Advances to the next usable row.</summary>
    /// <exception cref="ExtractRefusedException">The file stops being CSV: an unclosed quote, or a row longer than 1 MiB.</exception>
    public bool Read()
    {
        while (_rows.MoveNext())
        {
            if (CheckRow(out var column, out var reason))
            {
                return true;
            }

            _rows.SetAside(column, reason);
        }

        return false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _rows.Dispose();

    private bool CheckRow(out string column, out QuarantineReason reason)
    {
        column = "customer_id";
        if (!_rows.TryReadCustomer(_layout.CustomerId, out reason))
        {
            return false;
        }

        column = "occurred_at";
        if (!_dates.TryParse(_rows[_layout.OccurredAt], out _day, out reason))
        {
            return false;
        }

        if (_day > _rules.LastDay)
        {
            reason = QuarantineReason.AfterObservationEnd;
            return false;
        }

        column = "amount";
        if (!_amounts.TryParse(_rows[_layout.Amount], out _micros, out reason))
        {
            return false;
        }

        if (_layout.Times >= 0 && !Multiply(out reason))
        {
            return false;
        }

        column = "margin";
        if (_layout.Margin >= 0 && !_amounts.TryParse(_rows[_layout.Margin], out _margin, out reason))
        {
            if (reason != QuarantineReason.Empty)
            {
                return false;
            }

            _margin = NoMargin;
        }

        column = "currency";
        if (_layout.Currency >= 0 && !IsReportingCurrency(_rows[_layout.Currency].Trim(" \t"u8)))
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
        if (!_amounts.TryParse(_rows[_layout.Times], out var factor, out reason))
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
}

/// <summary>What a transaction must satisfy beyond its format.</summary>
/// <param name="LastDay">The last day of the observation window (<see cref="DateOnly.DayNumber"/>); later rows are quarantined.</param>
/// <param name="NeedsTransactionId">Whether a row without a transaction id is quarantined, as in a delta.</param>
public readonly record struct TransactionRules(int LastDay, bool NeedsTransactionId)
{
    /// <summary>Any day, with or without an id.</summary>
    public static TransactionRules Any { get; } = new(int.MaxValue, NeedsTransactionId: false);
}
