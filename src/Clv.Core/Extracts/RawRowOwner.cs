using System.Security.Cryptography;
using System.Text;
using Clv.Core.History;
using CsvHelper;

namespace Clv.Core.Extracts;

/// <summary>
/// Finds out whose a row is that could not be used: it stands as it was delivered, perhaps with broken quotes or too few fields, so it is anybody's
/// whose id is one of its fields, by whichever separator, or stands between quotes. That may be one too many, where another row's amount or date
/// reads like an id; it is never one too few while the id is whole. Not thread-safe.
/// </summary>
public sealed class RawRowOwner : IDisposable
{
    private const string UsualSeparators = ",;\t|";
    private const int MaxRowBytes = 1 << 21;

    private readonly char[] _separators;
    private readonly IncrementalHash _hmac;
    private readonly HashSet<CustomerKey> _found = [];

    /// <summary>Prepares to look.</summary>
    /// <param name="secret">The secret of the customer keys.</param>
    /// <param name="mapping">What the file was read with, whose separator is tried beside the usual ones.</param>
    public RawRowOwner(ReadOnlyMemory<byte> secret, ExtractMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span);
        _separators = [.. mapping.ResolveSeparator() is { } own ? UsualSeparators.Append(own).Distinct() : UsualSeparators];
    }

    /// <summary>Which of some people a row may belong to.</summary>
    /// <param name="raw">The row as it was delivered, UTF-8.</param>
    /// <param name="people">The people.</param>
    /// <returns>Those whose ids it has; valid until the next row.</returns>
    public IReadOnlyCollection<CustomerKey> Find(ReadOnlySpan<byte> raw, IReadOnlySet<CustomerKey> people)
    {
        ArgumentNullException.ThrowIfNull(people);
        _found.Clear();
        if (people.Count == 0)
        {
            return _found;
        }

        foreach (var separator in _separators)
        {
            LookIntoParts(raw, separator, people);
            // A field in quotes may have the separator, a line break or a doubled quote in it.
            if (raw.Contains((byte)'"'))
            {
                LookIntoFields(raw, separator, people);
            }
        }

        return _found;
    }

    /// <summary>Forgets the secret.</summary>
    public void Dispose() => _hmac.Dispose();

    private void LookIntoParts(ReadOnlySpan<byte> raw, char separator, IReadOnlySet<CustomerKey> people)
    {
        foreach (var part in raw.SplitAny((byte)separator, (byte)'"', (byte)'\r', (byte)'\n'))
        {
            Look(raw[part], people);
        }
    }

    private void LookIntoFields(ReadOnlySpan<byte> raw, char separator, IReadOnlySet<CustomerKey> people)
    {
        using var csv = CsvReader.Create(raw.ToArray(), new CsvReaderOptions
        {
            HasHeader = false,
            Separator = separator,
            Encoding = Encoding.UTF8,
            MaxRecordSize = MaxRowBytes,
            IncludeValuesInExceptions = false,
        });
        while (csv.Read())
        {
            for (var field = 0; field < csv.FieldCount; field++)
            {
                Look(csv.GetSpan(field), people);
            }
        }
    }

    private void Look(ReadOnlySpan<byte> field, IReadOnlySet<CustomerKey> people)
    {
        if (CustomerId.TryNormalise(field, out var id, out _) && CustomerKey.Of(id, _hmac) is var key && people.Contains(key))
        {
            _found.Add(key);
        }
    }
}
