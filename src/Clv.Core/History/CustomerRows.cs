using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>One customer's transactions, as columns.</summary>
public sealed class CustomerRows : KeyedRows<CustomerRows>
{
    /// <summary>The longest name of a category, in bytes of UTF-8.</summary>
    public const int MaxCategoryBytes = Clv.Core.CustomerId.MaxBytes;

    private const int None = -1;
    private const int KeptCategories = 1 << 12;

    private readonly ByteColumn _ids = new();
    private readonly CustomerTable _categories = new();
    private int[] _days = new int[16];
    private long[] _micros = new long[16];
    private long[] _margins = new long[16];
    private int[] _categoryOf = new int[16];

    /// <summary>Days of the rows.</summary>
    public ReadOnlySpan<int> Days => _days.AsSpan(0, Count);

    /// <summary>Amounts of the rows in millionths.</summary>
    public ReadOnlySpan<long> Micros => _micros.AsSpan(0, Count);

    /// <summary>Margins of the rows in millionths, <see cref="TransactionReader.NoMargin"/> where one is not known.</summary>
    public ReadOnlySpan<long> Margins => _margins.AsSpan(0, Count);

    /// <inheritdoc/>
    internal override long Bytes => (Count * 32L) + _ids.Bytes + _categories.IdBytes;

    /// <summary>The transaction id of a row, UTF-8, or empty.</summary>
    public ReadOnlySpan<byte> TransactionId(int row) => _ids[row];

    /// <summary>The name of a row's category, UTF-8, or empty. Valid until the next addition.</summary>
    public ReadOnlySpan<byte> Category(int row) => _categoryOf[row] == None ? default : _categories[_categoryOf[row]];

    /// <summary>Whether two rows have the same category, or none both.</summary>
    internal bool SameCategory(int row, int other) => _categoryOf[row] == _categoryOf[other];

    /// <summary>Adds a row behind the others.</summary>
    /// <param name="day">Its day.</param>
    /// <param name="micros">Its amount in millionths.</param>
    /// <param name="margin">Its margin in millionths, or <see cref="TransactionReader.NoMargin"/>.</param>
    /// <param name="transactionId">Its id, or nothing.</param>
    /// <param name="category">The name of its category, or nothing.</param>
    /// <param name="source">Where it comes from.</param>
    /// <exception cref="ArgumentException">The name of the category is longer than <see cref="MaxCategoryBytes"/>.</exception>
    public void Add(int day, long micros, long margin, ReadOnlySpan<byte> transactionId, ReadOnlySpan<byte> category, int source)
    {
        if (category.Length > MaxCategoryBytes)
        {
            throw new ArgumentException($"The name of a category has at most {MaxCategoryBytes} bytes.", nameof(category));
        }

        if (Count == _days.Length)
        {
            Array.Resize(ref _days, Count * 2);
            Array.Resize(ref _micros, Count * 2);
            Array.Resize(ref _margins, Count * 2);
            Array.Resize(ref _categoryOf, Count * 2);
        }

        _ids.Add(transactionId);
        _days[Count] = day;
        _micros[Count] = micros;
        _margins[Count] = margin;
        _categoryOf[Count] = category.IsEmpty ? None : _categories.GetOrAdd(category);
        Added(source);
    }

    internal override void Write(BinaryWriter writer)
    {
        WriteHead(writer);
        HistoryFormat.WriteRows(writer, this);
    }

    private protected override ReadOnlySpan<byte> Identity(int row) => TransactionId(row);

    private protected override int Compare(int left, int right)
    {
        var c = _days[left].CompareTo(_days[right]);
        c = c != 0 ? c : _micros[left].CompareTo(_micros[right]);
        c = c != 0 ? c : TransactionId(left).SequenceCompareTo(TransactionId(right));
        c = c != 0 ? c : _margins[left].CompareTo(_margins[right]);
        return c != 0 ? c : Category(left).SequenceCompareTo(Category(right));
    }

    private protected override void Copy(CustomerRows from, int row) => Add(
        from._days[row], from._micros[row], from._margins[row], from.TransactionId(row), from.Category(row), from.Sources[row]);

    private protected override void Clear()
    {
        _ids.Clear();
        // Customers share most categories, so the names are kept, unless every customer has others.
        if (_categories.Count > KeptCategories)
        {
            _categories.Clear();
        }
    }
}
