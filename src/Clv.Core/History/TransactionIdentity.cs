namespace Clv.Core.History;

/// <summary>
/// Recognises a transaction that is delivered again. In memory an id is its 64-bit hash, compared within one customer only: two ids of a
/// customer with ten thousand transactions collide with a probability of 3e-12.
/// </summary>
internal static class TransactionIdentity
{
    /// <summary>The hash of an id, or 0 for a row without one, which nothing replaces.</summary>
    public static ulong Of(ReadOnlySpan<byte> transactionId) =>
        transactionId.IsEmpty ? 0 : Math.Max(1, ByteHash.Of(transactionId, seed: 0));

    /// <summary>Keeps, of the rows with the same id, the last; closes the gaps and keeps the order.</summary>
    /// <param name="ids">The rows' hashes, in the order of delivery.</param>
    /// <param name="days">Their days.</param>
    /// <param name="micros">Their amounts.</param>
    /// <param name="margins">Their margins, or nothing where none are kept.</param>
    /// <returns>How many rows are left at the start of the spans.</returns>
    public static int KeepLast(Span<ulong> ids, Span<int> days, Span<long> micros, Span<long> margins)
    {
        if (ids.Length < 2)
        {
            return ids.Length;
        }

        // From the end backwards the first of an id is the last delivered.
        var seen = new HashSet<ulong>();
        var write = ids.Length;
        for (var i = ids.Length - 1; i >= 0; i--)
        {
            if (ids[i] == 0 || seen.Add(ids[i]))
            {
                write--;
                (ids[write], days[write], micros[write]) = (ids[i], days[i], micros[i]);
                if (!margins.IsEmpty)
                {
                    margins[write] = margins[i];
                }
            }
        }

        var kept = ids.Length - write;
        days[write..].CopyTo(days);
        micros[write..].CopyTo(micros);
        if (!margins.IsEmpty)
        {
            margins[write..].CopyTo(margins);
        }

        return kept;
    }
}
