using Clv.Core.Extracts;
using Clv.Core.Industry;

namespace Clv.Core.History;

/// <summary>
/// The margin of every row: its own where it has one, else the rate of its category, else that of all others; without a rate it stays
/// unknown. Not thread-safe.
/// </summary>
internal sealed class AssumedMargins(MarginRates rates)
{
    // A rate is taken as a whole number of these, so that amount times rate is exact in 128 bits before it is rounded.
    private const long Parts = 1_000_000_000_000_000;

    private readonly Dictionary<string, long> _parts =
        rates.Categories.ToDictionary(static rate => rate.Key, static rate => PartsOf(rate.Value), StringComparer.Ordinal);

    private readonly long? _other = rates.Other is { } share ? PartsOf(share) : null;
    private long[] _margins = [];

    /// <summary>
    /// The margins of a customer's rows in millionths, <see cref="TransactionReader.NoMargin"/> where none is known. Valid until the next call.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="texts">The names of categories.</param>
    public ReadOnlySpan<long> Of(CustomerRows rows, TextPool texts)
    {
        if (_parts.Count == 0 && _other is null)
        {
            return rows.Margins;
        }

        if (_margins.Length < rows.Count)
        {
            _margins = new long[Math.Max(rows.Count, 2 * _margins.Length)];
        }

        for (var i = 0; i < rows.Count; i++)
        {
            _margins[i] = rows.Margins[i] != TransactionReader.NoMargin ? rows.Margins[i]
                : RateOf(rows.Category(i), texts) is { } parts ? Share(rows.Micros[i], parts)
                : TransactionReader.NoMargin;
        }

        return _margins.AsSpan(0, rows.Count);
    }

    private long? RateOf(ReadOnlySpan<byte> category, TextPool texts) =>
        !category.IsEmpty && _parts.Count > 0 && _parts.TryGetValue(texts.Get(category), out var parts) ? parts : _other;

    private static long PartsOf(double rate) => (long)decimal.Round((decimal)rate * Parts);

    // A rate is at most 1, so a share fits where its amount does.
    private static long Share(long micros, long parts)
    {
        var (whole, rest) = Int128.DivRem((Int128)micros * parts, Parts);
        var twice = Int128.Abs(rest) * 2;
        return (long)(twice > Parts || (twice == Parts && Int128.IsOddInteger(whole)) ? whole + Int128.Sign(rest) : whole);
    }
}
