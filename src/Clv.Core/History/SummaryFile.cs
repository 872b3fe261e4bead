namespace Clv.Core.History;

/// <summary>The summaries of a partition's customers as a stream of records of fixed size, in the order of keys.</summary>
public static class SummaryFile
{
    /// <summary>Bytes of one customer.</summary>
    public const int RecordSize = CustomerKey.Size + (2 * PurchaseSize) + (3 * sizeof(int)) + (4 * MoneySize) + (2 * sizeof(double));

    private const int MoneySize = 16;
    private const int PurchaseSize = (5 * sizeof(int)) + (3 * MoneySize);

    /// <summary>Writes one customer.</summary>
    public static void Write(Stream output, CustomerKey key, in CustomerSummary summary)
    {
        Span<byte> record = stackalloc byte[RecordSize];
        key.Write(record);
        var fields = new FieldWriter(record[CustomerKey.Size..]);
        fields.Add(summary.Whole);
        fields.Add(summary.Before);
        fields.Add(summary.HoldoutOccasions);
        fields.Add(summary.HoldoutNet);
        fields.Add(summary.LastYearOccasions);
        fields.Add(summary.LastYearNet);
        fields.Add(summary.SumLogGaps);
        fields.Add(summary.SumLogGapsBefore);
        fields.Add(summary.MarginTotal);
        fields.Add(summary.AmountWithMargin);
        fields.Add(summary.Segment);
        output.Write(record);
    }

    /// <summary>Reads all customers, one at a time.</summary>
    /// <param name="input">What <see cref="Write"/> wrote; is left open.</param>
    /// <exception cref="EndOfStreamException">The file ends within a record.</exception>
    public static IEnumerable<(CustomerKey Key, CustomerSummary Summary)> Read(Stream input)
    {
        // Not disposed, because that would close the input.
        var buffered = new BufferedStream(input, RecordSize * 1024);
        var record = new byte[RecordSize];
        while (buffered.ReadAtLeast(record, RecordSize, throwOnEndOfStream: false) is var got and > 0)
        {
            if (got < RecordSize)
            {
                throw new EndOfStreamException("A summary file ends within a customer.");
            }

            yield return (CustomerKey.Read(record), Parse(record.AsSpan(CustomerKey.Size)));
        }
    }

    private static CustomerSummary Parse(ReadOnlySpan<byte> record)
    {
        var fields = new FieldReader(record);
        return new CustomerSummary
        {
            Whole = fields.Purchases(),
            Before = fields.Purchases(),
            HoldoutOccasions = fields.Int(),
            HoldoutNet = fields.Money(),
            LastYearOccasions = fields.Int(),
            LastYearNet = fields.Money(),
            SumLogGaps = fields.Double(),
            SumLogGapsBefore = fields.Double(),
            MarginTotal = fields.Money(),
            AmountWithMargin = fields.Money(),
            Segment = fields.Int(),
        };
    }

    private ref struct FieldWriter(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void Add(int value)
        {
            BitConverter.TryWriteBytes(_rest, value);
            _rest = _rest[sizeof(int)..];
        }

        public void Add(double value)
        {
            BitConverter.TryWriteBytes(_rest, value);
            _rest = _rest[sizeof(double)..];
        }

        public void Add(Money value)
        {
            BitConverter.TryWriteBytes(_rest, value.Micros);
            _rest = _rest[MoneySize..];
        }

        public void Add(in PurchaseSummary value)
        {
            Add(value.FirstDay);
            Add(value.Frequency);
            Add(value.RecencyDays);
            Add(value.AgeDays);
            Add(value.SpendCount);
            Add(value.SpendTotal);
            Add(value.NetTotal);
            Add(value.ReturnTotal);
        }
    }

    private ref struct FieldReader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public int Int() => BitConverter.ToInt32(Take(sizeof(int)));

        public double Double() => BitConverter.ToDouble(Take(sizeof(double)));

        public Money Money() => new(BitConverter.ToInt128(Take(MoneySize)));

        public PurchaseSummary Purchases() => new(Int(), Int(), Int(), Int(), Int(), Money(), Money()) { ReturnTotal = Money() };

        private ReadOnlySpan<byte> Take(int size)
        {
            var field = _rest[..size];
            _rest = _rest[size..];
            return field;
        }
    }
}
