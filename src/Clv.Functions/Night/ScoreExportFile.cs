using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Clv.Core;
using Clv.Core.History;
using Clv.Core.Relationship;
using Clv.Functions.Storage;
using CsvHelper;

namespace Clv.Functions.Night;

/// <summary>
/// A partition's scores as gzipped CSV for analysts: a header, then a row per person in the order of keys, the customer's id in clear. What a column
/// holds is what a lookup answers, since both take it from the card. Nothing in the file names its run or a moment, so the same input gives the same
/// rows in any run. Text from outside is written as <see cref="SpreadsheetText"/>.
/// </summary>
internal sealed class ScoreExportFile : IDisposable
{
    private const string IdColumn = "customer_id";
    private const string KeyColumn = "customer_key";
    private const int KeyIndex = 1;

    private const string Cents = "0.00";
    private const string Day = "yyyy-MM-dd";

    // Ids and names are bounded, so a row is far smaller.
    private const int MaxRowBytes = 1 << 20;

    private static readonly CsvWriterOptions Writing = CsvWriterOptions.Default with { Injection = CsvInjection.None };

    private static readonly CsvReaderOptions Reading = new() { Separator = ',', MaxRecordSize = MaxRowBytes, HasHeader = false, IncludeValuesInExceptions = false };

    // Behind the id, each column with where its cells come from.
    private static readonly (string Name, Action<CsvWriter, ExportedScore> Write)[] Cells =
    [
        (KeyColumn, static (csv, of) => csv.WriteField(of.Facts.Key.ToString())),
        ("date", static (csv, of) => csv.WriteField(of.Date, Day)),
        ("kind", static (csv, of) => csv.WriteField(of.Facts.IsProspect ? "prospect" : of.Facts.IsCustomer ? "customer" : "other")),
        ("segment", static (csv, of) => Text(csv, of.Card.Segment)),
        ("region", static (csv, of) => Text(csv, of.Facts.Profile?.Region)),
        ("acquisition_channel", static (csv, of) => Text(csv, of.Facts.Profile?.Channel)),
        ("phase", static (csv, of) => csv.WriteField(Codes.Of(of.Card.Phase))),
        ("phase_since", static (csv, of) => csv.WriteField(of.Card.PhaseSince, Day)),
        ("tier", static (csv, of) => csv.WriteField(of.Card.Tier is { } tier ? Codes.Of(tier) : null)),
        ("tier_since", static (csv, of) => csv.WriteField(of.Card.TierSince, Day)),
        ("first_purchase", static (csv, of) => csv.WriteField(of.Card.Purchases?.First, Day)),
        ("last_purchase", static (csv, of) => csv.WriteField(of.Card.Purchases?.Last, Day)),
        ("frequency", static (csv, of) => csv.WriteField(of.Card.Purchases?.Frequency)),
        ("recency_weeks", static (csv, of) => csv.WriteField(of.Card.Purchases?.RecencyWeeks)),
        ("age_weeks", static (csv, of) => csv.WriteField(of.Card.Purchases?.AgeWeeks)),
        ("monetary_value", static (csv, of) => csv.WriteField(of.Facts.Purchases.Whole is { SpendCount: > 0 } purchases ? purchases.MeanSpend : (double?)null)),
        ("p_alive", static (csv, of) => csv.WriteField(of.Card.Value?.ProbabilityAlive)),
        ("p_no_purchase", static (csv, of) => csv.WriteField(of.Card.Purchases?.NoPurchase)),
        ("expected_purchases", static (csv, of) => csv.WriteField(of.Card.Purchases?.Expected)),
        ("expected_purchases_whole", static (csv, of) => csv.WriteField(of.Card.Purchases?.Whole)),
        ("expected_spend", static (csv, of) => csv.WriteField(of.Card.Purchases?.Spend)),
        ("running_contracts", static (csv, of) => csv.WriteField(of.Card.RunningContracts)),
        ("currency", static (csv, of) => Text(csv, of.Currency)),
        ("basis", static (csv, of) => csv.WriteField(of.Card.Value is { } value ? Codes.Of(value.Basis) : null)),
        ("revenue", static (csv, of) => csv.WriteField(of.Card.Value?.Revenue, Cents)),
        ("contribution", static (csv, of) => csv.WriteField(of.Card.Value?.Contribution, Cents)),
        ("costs", static (csv, of) => csv.WriteField(of.Card.Costs?.Total, Cents)),
        ("historic_value", static (csv, of) => csv.WriteField(of.Card.Value?.Historic, Cents)),
        ("future_value", static (csv, of) => csv.WriteField(of.Card.Value?.Future, Cents)),
        ("future_value_low", static (csv, of) => csv.WriteField(of.Card.Value?.Low, Cents)),
        ("future_value_high", static (csv, of) => csv.WriteField(of.Card.Value?.High, Cents)),
        ("lifetime_value", static (csv, of) => csv.WriteField(of.Card.Value?.Lifetime, Cents)),
        ("lifetime_value_change", static (csv, of) => csv.WriteField(of.Card.Change?.Total, Cents)),
        ("plain_value", static (csv, of) => csv.WriteField(of.Card.Value?.Plain?.Value, Cents)),
        ("prospect_conversion", static (csv, of) => csv.WriteField(of.Card.Prospect?.Conversion)),
        ("prospect_value_if_won", static (csv, of) => csv.WriteField(of.Card.Prospect?.ValueIfWon, Cents)),
        ("prospect_value", static (csv, of) => csv.WriteField(of.Card.Prospect?.Expected, Cents)),
        ("next_action", static (csv, of) => csv.WriteField(of.Card.Action is { } action ? Codes.Of(action.Kind) : null)),
        ("next_action_category", static (csv, of) => Text(csv, of.Card.Action?.Category)),
        ("next_action_due", static (csv, of) => csv.WriteField(of.Card.Action?.Due is { } due ? DateOnly.FromDayNumber(due) : (DateOnly?)null, Day)),
    ];

    private readonly SHA256 _hash = SHA256.Create();
    private readonly CryptoStream _hashed;
    private readonly GZipStream _packed;
    private readonly CsvWriter _csv;
    private long _rows;

    /// <summary>Starts a file.</summary>
    /// <param name="output">Receives it; is left open.</param>
    public ScoreExportFile(Stream output)
        : this(output, Columns)
    {
    }

    private ScoreExportFile(Stream output, IReadOnlyList<string> header)
    {
        _hashed = new CryptoStream(output, _hash, CryptoStreamMode.Write, leaveOpen: true);
        _packed = new GZipStream(_hashed, CompressionLevel.Optimal, leaveOpen: true);
        _csv = CsvWriter.Create(_packed, Writing, leaveOpen: true);
        foreach (var column in header)
        {
            _csv.WriteField(column);
        }

        _csv.EndRecord();
    }

    /// <summary>The columns, in their order.</summary>
    public static IReadOnlyList<string> Columns { get; } = [IdColumn, .. Cells.Select(static cell => cell.Name)];

    /// <summary>Writes a person.</summary>
    /// <param name="customerId">The id in its one spelling, UTF-8.</param>
    /// <param name="score">The score.</param>
    public void Write(ReadOnlySpan<byte> customerId, ExportedScore score)
    {
        _csv.WriteField(SpreadsheetText.Of(customerId));
        foreach (var (_, write) in Cells)
        {
            write(_csv, score);
        }

        _csv.EndRecord();
        _rows++;
    }

    /// <summary>Ends the file, and tells what it has become.</summary>
    public ExportedPart Complete()
    {
        _csv.Dispose();
        _packed.Dispose();
        _hashed.FlushFinalBlock();
        return new ExportedPart(_rows, Convert.ToHexStringLower(_hash.Hash!));
    }

    /// <summary>Frees the buffers.</summary>
    public void Dispose()
    {
        _csv.Dispose();
        _packed.Dispose();
        _hashed.Dispose();
        _hash.Dispose();
    }

    /// <summary>Copies a file without some people's rows; the others' stay as they are.</summary>
    /// <param name="from">The file; is left open.</param>
    /// <param name="erased">The people who are left out.</param>
    /// <param name="to">Receives the rest; is left open.</param>
    /// <param name="part">What the copy has become.</param>
    /// <returns>Whose rows were left out.</returns>
    public static IReadOnlyCollection<CustomerKey> Copy(Stream from, IReadOnlySet<CustomerKey> erased, Stream to, out ExportedPart part)
    {
        var names = erased.Select(static key => key.ToString()).ToHashSet(StringComparer.Ordinal);
        var removed = new List<CustomerKey>();
        using var unpacked = new GZipStream(from, CompressionMode.Decompress, leaveOpen: true);
        using var rows = CsvReader.Create(unpacked, Reading, leaveOpen: true);
        // An earlier version's file may have other columns.
        using var copy = new ScoreExportFile(to, rows.Read() ? Row(rows) : throw new InvalidDataException("A file of exported scores has no header."));
        while (rows.Read())
        {
            if (rows.GetString(KeyIndex) is var key && names.Contains(key))
            {
                removed.Add(CustomerKey.Read(Convert.FromHexString(key)));
                continue;
            }

            for (var column = 0; column < rows.FieldCount; column++)
            {
                copy._csv.WriteField(rows.GetSpan(column));
            }

            copy._csv.EndRecord();
            copy._rows++;
        }

        part = copy.Complete();
        return removed;
    }

    /// <summary>A person's row in a file, with its columns' names; null when there is none.</summary>
    public static IReadOnlyDictionary<string, string>? Find(Stream from, CustomerKey key)
    {
        var name = key.ToString();
        using var unpacked = new GZipStream(from, CompressionMode.Decompress, leaveOpen: true);
        using var rows = CsvReader.Create(unpacked, Reading, leaveOpen: true);
        var header = rows.Read() ? Row(rows) : [];
        while (rows.Read())
        {
            if (rows.GetString(KeyIndex) == name)
            {
                return header.Zip(Row(rows)).Where(static cell => cell.Second.Length > 0)
                    .ToDictionary(static cell => cell.First, static cell => cell.Second, StringComparer.Ordinal);
            }
        }

        return null;
    }

    private static string[] Row(CsvReader rows) => [.. Enumerable.Range(0, rows.FieldCount).Select(rows.GetString)];

    private static void Text(CsvWriter csv, string? text) => csv.WriteField(SpreadsheetText.Of(Encoding.UTF8.GetBytes(text ?? "")));
}

/// <summary>What a row of the export says of a person, besides the id.</summary>
/// <param name="Date">The date of the run's extracts.</param>
/// <param name="Currency">The currency of all amounts, if it is stated.</param>
/// <param name="Facts">What is known of the person.</param>
/// <param name="Card">What lookups are answered from.</param>
internal readonly record struct ExportedScore(DateOnly Date, string? Currency, CustomerFacts Facts, CustomerCard Card);

/// <summary>What can be checked of a part of the export.</summary>
/// <param name="Rows">Its rows, without the header.</param>
/// <param name="Sha256">The SHA-256 of its bytes, as they are stored, in hexadecimal.</param>
internal sealed record ExportedPart(long Rows, string Sha256)
{
    private const string RowsNote = "rows";
    private const string HashNote = "sha256";

    /// <summary>The same as a blob's metadata, which is written together with the bytes.</summary>
    public Dictionary<string, string> ToNotes() => new() { [RowsNote] = $"{Rows}", [HashNote] = Sha256 };

    /// <summary>Reads a blob's metadata; null where it says nothing of the kind.</summary>
    public static ExportedPart? Of(IDictionary<string, string> notes) =>
        notes.TryGetValue(RowsNote, out var rows) && long.TryParse(rows, out var number) && notes.TryGetValue(HashNote, out var hash)
            ? new ExportedPart(number, hash)
            : null;
}
