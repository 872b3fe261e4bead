using System.Text;

namespace Clv.Core.History;

/// <summary>Writes a file of customers once more without some of them. Everybody else's bytes stay as they are.</summary>
public static class HistoryErasure
{
    /// <summary>Copies a file.</summary>
    /// <typeparam name="T">The kind of its rows.</typeparam>
    /// <param name="from">The file, opened anew.</param>
    /// <param name="erased">The people who are left out.</param>
    /// <param name="to">Receives the others; is left open.</param>
    /// <returns>How many rows each person who was left out had; nobody who was not in the file.</returns>
    /// <exception cref="EndOfStreamException">The file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IReadOnlyDictionary<CustomerKey, int> Copy<T>(KeyedReader<T> from, IReadOnlySet<CustomerKey> erased, Stream to)
        where T : KeyedRows<T>, new()
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(erased);
        using var writer = new BinaryWriter(new BufferedStream(to, 1 << 16), Encoding.UTF8, leaveOpen: true);
        var removed = new Dictionary<CustomerKey, int>();
        var rows = new T();
        while (from.MoveNext())
        {
            from.ReadRows(rows, first: true);
            if (erased.Contains(rows.Key))
            {
                removed[rows.Key] = rows.Count;
            }
            else
            {
                rows.Write(writer);
            }
        }

        writer.Flush();
        writer.BaseStream.Flush();
        return removed;
    }
}
