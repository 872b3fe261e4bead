using System.Buffers.Binary;

namespace Clv.Core.History;

/// <summary>
/// Reads what <see cref="FactsWriter"/> wrote, person by person, and of each no more than what is asked for: passing over a person costs
/// nothing, and reading the purchases alone makes no object. Equal names are one string. Not thread-safe.
/// </summary>
/// <param name="content">The file; closed with the reader.</param>
public sealed class FactsReader(Stream content) : IDisposable
{
    private const int LeastBytes = CustomerKey.Size;
    private const int ReadAtOnce = 1 << 16;

    private readonly BufferedStream _content = new(content, ReadAtOnce);
    private readonly TextPool _texts = new();
    private byte[] _record = new byte[1024];
    private int _length;

    /// <summary>The person at hand.</summary>
    public CustomerKey Key { get; private set; }

    /// <summary>Reads all people of a file, which is closed at the end.</summary>
    /// <param name="content">The file.</param>
    /// <exception cref="EndOfStreamException">The file ends within a person.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IEnumerable<CustomerFacts> ReadAll(Stream content)
    {
        using var reader = new FactsReader(content);
        while (reader.MoveNext())
        {
            yield return reader.Facts();
        }
    }

    /// <summary>Moves to the next person.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="EndOfStreamException">The file ends within a person.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public bool MoveNext()
    {
        Span<byte> head = stackalloc byte[sizeof(int)];
        var got = _content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (got == 0)
        {
            return false;
        }

        if (got < head.Length)
        {
            throw new EndOfStreamException("A file of facts ends within a person.");
        }

        _length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (_length < LeastBytes || _length > Array.MaxLength)
        {
            throw new InvalidDataException("A file of facts is damaged: a length is out of range.");
        }

        // A damaged file must not make this allocate what its bytes claim.
        for (var read = 0; read < _length;)
        {
            if (read == _record.Length)
            {
                Array.Resize(ref _record, (int)Math.Min(_length, 2L * read));
            }

            var part = Math.Min(_length, _record.Length) - read;
            _content.ReadExactly(_record, read, part);
            read += part;
        }

        var key = CustomerKey.Read(_record);
        if (key < Key)
        {
            throw new InvalidDataException("A file of facts is damaged: its people are not in order.");
        }

        Key = key;
        return true;
    }

    /// <summary>What the person bought, and the name of the segment; null for none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public (CustomerSummary Purchases, bool HasTransactions, string? Segment) Purchases()
    {
        var fields = Fields();
        var purchases = Summary(ref fields);
        return (purchases, fields.Bool(), fields.Bool() ? ProfileCodec.ReadSegment(ref fields) : null);
    }

    /// <summary>Everything about the person.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public CustomerFacts Facts()
    {
        var fields = Fields();
        var facts = new CustomerFacts
        {
            Key = Key,
            Purchases = Summary(ref fields),
            HasTransactions = fields.Bool(),
            Profile = fields.Bool() ? ProfileCodec.Read(ref fields) : null,
            LastYear = Counts(ref fields),
            LastYearBefore = Counts(ref fields),
            Contracts = Contracts(ref fields),
            Categories = Categories(ref fields),
            Costs = new InteractionCosts(fields.Money(), fields.Money(), fields.Money()),
            RecentOccasions = fields.Int(),
            EarlierOccasions = fields.Int(),
            RecentNet = fields.Money(),
            EarlierNet = fields.Money(),
            FirstYearNet = fields.Bool() ? FirstYear(ref fields) : [],
        };
        fields.End();
        return facts;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _content.Dispose();

    private FieldReader Fields() => new(_record.AsSpan(CustomerKey.Size, _length - CustomerKey.Size), _texts);

    private static CustomerSummary Summary(ref FieldReader fields) => new()
    {
        Whole = Purchases(ref fields),
        Before = Purchases(ref fields),
        HoldoutOccasions = fields.Int(),
        HoldoutNet = fields.Money(),
        LastYearOccasions = fields.Int(),
        LastYearNet = fields.Money(),
        SumLogGaps = fields.Double(),
        SumLogGapsBefore = fields.Double(),
        MarginTotal = fields.Money(),
        AmountWithMargin = fields.Money(),
    };

    private static PurchaseSummary Purchases(ref FieldReader fields) =>
        new(fields.Int(), fields.Int(), fields.Int(), fields.Int(), fields.Int(), fields.Money(), fields.Money())
        {
            ReturnTotal = fields.Money(),
        };

    private static InteractionCounts Counts(ref FieldReader fields) => fields.Bool()
        ? new(fields.Int(), fields.Int(), fields.Int(), fields.Int(), fields.Int(), fields.Int(), fields.Int())
        : InteractionCounts.None;

    private static Contract[] Contracts(ref FieldReader fields)
    {
        var contracts = Items<Contract>(ref fields);
        for (var i = 0; i < contracts.Length; i++)
        {
            contracts[i] = ContractCodec.Read(fields.OwnText(), ref fields);
        }

        return contracts;
    }

    private static CategoryPurchases[] Categories(ref FieldReader fields)
    {
        var categories = Items<CategoryPurchases>(ref fields);
        for (var i = 0; i < categories.Length; i++)
        {
            categories[i] = new CategoryPurchases(fields.Text(), fields.Int(), fields.Money(), fields.Int());
        }

        return categories;
    }

    private static T[] Items<T>(ref FieldReader fields) => fields.Length() is > 0 and var count ? new T[count] : [];

    private static Money[] FirstYear(ref FieldReader fields)
    {
        var months = new Money[CustomerFacts.FirstMonths];
        for (var i = 0; i < months.Length; i++)
        {
            months[i] = fields.Money();
        }

        return months;
    }
}
