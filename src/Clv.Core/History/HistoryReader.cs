using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>Reads a history file, or one slice of a segment, customer by customer in the order of keys.</summary>
public sealed class HistoryReader : KeyedReader
{
    private static readonly int LastDay = DateOnly.MaxValue.DayNumber;

    private readonly int _source;

    /// <summary>Opens a file.</summary>
    /// <param name="content">The bytes; closed with the reader.</param>
    /// <param name="source">What <see cref="CustomerRows.Sources"/> says of the rows read here.</param>
    public HistoryReader(Stream content, int source)
        : base(content) => _source = source;

    /// <summary>Adds the current customer's rows behind those in <paramref name="rows"/>.</summary>
    /// <param name="rows">The receiver; started anew when <paramref name="first"/>.</param>
    /// <param name="first">Whether this is the first file that knows the customer.</param>
    /// <exception cref="EndOfStreamException">The file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or two customer ids have the same key.</exception>
    public void ReadRows(CustomerRows rows, bool first)
    {
        if (first)
        {
            rows.Start(Key, CustomerId);
        }
        else
        {
            CheckId(rows.CustomerId);
        }

        var count = ReadNumber(int.MaxValue);
        for (var i = 0; i < count; i++)
        {
            var day = ReadNumber(LastDay);
            var micros = ReadAmount();
            var length = ReadNumber(HistoryFormat.WithMargin + Clv.Core.CustomerId.MaxBytes);
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

            rows.Add(day, micros, margin, ReadBytes(length), _source);
        }

        EndCustomer();
    }
}
