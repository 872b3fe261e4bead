namespace Clv.Core.Extracts;

/// <summary>
/// Reads a transaction file row by row without an object per row. Every row is checked; a row that cannot be used goes to the
/// quarantine handler with its line, column and reason, and reading goes on. Amounts and margins in another currency are converted at the rate of
/// their own day. Not thread-safe.
/// </summary>
public sealed class TransactionReader : CustomerRowReader
{
    /// <summary>The <see cref="Margin"/> of a row whose margin is not known.</summary>
    public const long NoMargin = long.MinValue;

    private readonly TransactionLayout _layout;
    private readonly bool _needsTransactionId;
    private int _day;
    private long _micros;
    private long _margin = NoMargin;
    private byte[]? _composedCategory;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the reader.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">How to read it.</param>
    /// <param name="rules">What a row must satisfy beyond its format, and the rates of its currency.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty, is not CSV, or its header lacks a required column.</exception>
    public TransactionReader(Stream content, string file, ExtractMapping mapping, ExtractRules rules, QuarantineHandler quarantine)
        : base(content, file, mapping, rules, quarantine)
    {
        _needsTransactionId = rules.NeedsTransactionId;
        _layout = Resolve(header => TransactionLayout.Resolve(header, mapping.Transactions.Columns));
    }

    /// <summary>The current row's business day as in <see cref="DateOnly.DayNumber"/>.</summary>
    public int Day => _day;

    /// <summary>The current row's amount in millionths of the reporting currency; negative is a return.</summary>
    public long Micros => _micros;

    /// <summary>The current row's contribution margin in millionths of the reporting currency, or <see cref="NoMargin"/>.</summary>
    public long Margin => _margin;

    /// <summary>The current row's transaction id in UTF-8, or empty. Valid until the next read.</summary>
    public ReadOnlySpan<byte> TransactionId => _layout.TransactionId.Exists ? Cell(_layout.TransactionId).Trim(" \t"u8) : default;

    /// <summary>
    /// The current row's category in UTF-8 and one spelling, at most <see cref="SegmentLabels.MaxLength"/> characters, or empty. Valid until the next
    /// read.
    /// </summary>
    public ReadOnlySpan<byte> Category => _composedCategory ?? (_layout.Category.Exists ? Cell(_layout.Category).Trim(" \t"u8) : default);

    /// <summary>Whether the file has a column of transaction ids.</summary>
    public bool HasTransactionIds => _layout.TransactionId.Exists;

    /// <summary>Whether the file has a column of margins.</summary>
    public bool HasMargins => _layout.Margin.Exists;

    /// <summary>Whether the file has a column of categories.</summary>
    public bool HasCategories => _layout.Category.Exists;

    private protected override bool CheckRow() =>
        TryCustomer(_layout.CustomerId)
        && TryPastDay(_layout.OccurredAt, out _day)
        && TryAmount()
        && TryMargin()
        && TryConvert()
        && TryCategory()
        && TryTransactionId();

    private bool TryAmount()
    {
        if (!Amounts.TryParse(Cell(_layout.Amount), out _micros, out var reason))
        {
            return Refuse(_layout.Amount, reason);
        }

        if (!_layout.Times.Exists)
        {
            return true;
        }

        if (!Amounts.TryParse(Cell(_layout.Times), out var factor, out reason))
        {
            return Refuse(_layout.Times, reason);
        }

        return Extracts.Micros.TryDivide((Int128)_micros * factor, Money.Scale, out _micros) || Refuse(_layout.Amount, QuarantineReason.OutOfRange);
    }

    private bool TryMargin()
    {
        if (!_layout.Margin.Exists || Amounts.TryParse(Cell(_layout.Margin), out _margin, out var reason))
        {
            return true;
        }

        _margin = NoMargin;
        return reason == QuarantineReason.Empty || Refuse(_layout.Margin, reason);
    }

    private bool TryConvert()
    {
        if (!TryRate(_layout.Currency, _day, out var rate))
        {
            return false;
        }

        if (rate == ExchangeRate.One)
        {
            return true;
        }

        if (!rate.TryConvert(_micros, out _micros))
        {
            return Refuse(_layout.Amount, QuarantineReason.OutOfRange);
        }

        return _margin == NoMargin || rate.TryConvert(_margin, out _margin) || Refuse(_layout.Margin, QuarantineReason.OutOfRange);
    }

    private bool TryCategory()
    {
        _composedCategory = null;
        if (!_layout.Category.Exists)
        {
            return true;
        }

        if (!TryName(_layout.Category, out var name))
        {
            return false;
        }

        // What is not a part of the cell is another spelling of it.
        _composedCategory = Cell(_layout.Category).Overlaps(name) ? null : name.ToArray();
        return true;
    }

    private bool TryTransactionId()
    {
        var id = TransactionId;
        return id.IsEmpty
            ? !_needsTransactionId || Refuse(_layout.TransactionId, QuarantineReason.NoTransactionId)
            : id.Length <= Clv.Core.CustomerId.MaxBytes || Refuse(_layout.TransactionId, QuarantineReason.TooLong);
    }
}
