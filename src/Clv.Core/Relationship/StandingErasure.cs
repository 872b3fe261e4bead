using Clv.Core.History;

namespace Clv.Core.Relationship;

/// <summary>Writes a file of standings once more without some people.</summary>
public static class StandingErasure
{
    /// <summary>Copies a file.</summary>
    /// <param name="from">What <see cref="StandingWriter"/> wrote; is left open.</param>
    /// <param name="erased">The people who are left out.</param>
    /// <param name="to">Receives the others; is left open.</param>
    /// <returns>Who was left out.</returns>
    /// <exception cref="EndOfStreamException">The file is truncated.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or of another format.</exception>
    public static IReadOnlyCollection<CustomerKey> Copy(Stream from, IReadOnlySet<CustomerKey> erased, Stream to)
    {
        ArgumentNullException.ThrowIfNull(erased);
        using var writer = new StandingWriter(to);
        var removed = new List<CustomerKey>();
        foreach (var standing in StandingFile.Read(from))
        {
            if (erased.Contains(standing.Key))
            {
                removed.Add(standing.Key);
            }
            else
            {
                writer.Write(standing);
            }
        }

        writer.Complete();
        return removed;
    }
}
