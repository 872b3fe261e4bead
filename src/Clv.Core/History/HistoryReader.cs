using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>Reads a history file, or one slice of a segment of transactions, customer by customer in the order of keys.</summary>
public sealed class HistoryReader : KeyedReader<CustomerRows>
{
    /// <summary>Opens a file.</summary>
    /// <param name="content">The bytes; closed with the reader.</param>
    /// <param name="source">Where its rows come from: a file's number, or <see cref="PartitionBooks.FromHistory"/>.</param>
    public HistoryReader(Stream content, int source)
        : base(content, source)
    {
    }

    private protected override void ReadRow(CustomerRows rows, int row)
    {
        var day = ReadNumber(DateOnly.MaxValue.DayNumber);
        var micros = ReadAmount();
        var length = ReadNumber(HistoryFormat.WithCategory + HistoryFormat.WithMargin + Clv.Core.CustomerId.MaxBytes);
        var hasCategory = length >= HistoryFormat.WithCategory;
        length -= hasCategory ? HistoryFormat.WithCategory : 0;
        var margin = TransactionReader.NoMargin;
        if (length >= HistoryFormat.WithMargin)
        {
            length -= HistoryFormat.WithMargin;
            margin = ReadAmount();
        }

        if (length > Clv.Core.CustomerId.MaxBytes)
        {
            throw Damaged("an id is too long");
        }

        var back = hasCategory ? ReadByte() : 0;
        if (back > row)
        {
            throw Damaged("a category refers to a row that is not there");
        }

        var nameLength = hasCategory && back == 0 ? ReadNumber(CustomerRows.MaxCategoryBytes) : 0;
        var bytes = ReadBytes(length + nameLength);
        var category = back == 0 ? bytes[length..] : rows.Category(rows.Count - back);
        if (hasCategory && category.IsEmpty)
        {
            throw Damaged("a category has no name");
        }

        rows.Add(day, micros, margin, bytes[..length], category, Source);
    }
}
