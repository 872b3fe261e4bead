using System.Text.Encodings.Web;
using System.Text.Json;
using Clv.Core.Extracts;
using Clv.Core.Industry;
using Clv.Functions.Night;
using CsvHelper;

namespace Clv.Cli.Simulation;

/// <summary>Writes what a CRM knows of a simulated world as an extract set.</summary>
/// <param name="world">The world.</param>
/// <param name="format">How the files are written.</param>
internal sealed class ExtractSet(SimulatedWorld world, ExtractFormat format)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The industry profile of the simulated firm itself.</summary>
    public const string OwnProfile = "own";

    /// <summary>The names of the industry profiles there are: the firm's own, and the examples.</summary>
    public static IReadOnlyList<string> Profiles { get; } = [OwnProfile, "retail", "subscription", "marketplace", "b2b"];

    private static readonly ExtractTable[] Tables =
        [TransactionFile.Table, CustomerFile.Table, ContractFile.Table, InteractionFile.Table, RateFile.Table];

    /// <summary>The day of the set before, for a delta: only what is new or different since then is written. Null for a snapshot.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>The industry profile that comes with the set, one of <see cref="Profiles"/>; null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>The share of rows that are broken on purpose, 0 to 1; rates stay whole, or sound rows would fall with them.</summary>
    public double Flaws { get; init; }

    /// <summary>Writes the files, the mapping, what is true of the world, and the manifest last.</summary>
    /// <param name="folder">Receives them; is made when it is not there.</param>
    /// <returns>The files of rows, in the order of the manifest.</returns>
    public IReadOnlyList<WrittenFile> Write(DirectoryInfo folder)
    {
        folder.Create();
        // A folder that is written anew is not complete until the new manifest is there.
        File.Delete(Path.Combine(folder.FullName, ExtractManifest.FileName));
        var written = WriteRows(folder);
        WriteJson(ExtractMapping.FileName, format.Mapping());
        WriteJson("truth.json", world.Truth());
        if (Profile is { } profile)
        {
            File.WriteAllText(Path.Combine(folder.FullName, IndustryProfile.FileName), ProfileText(profile));
        }

        WriteJson(ExtractManifest.FileName, new { kind = Since is null ? "snapshot" : "delta", files = written });
        return written;

        void WriteJson(string name, object content) =>
            File.WriteAllText(Path.Combine(folder.FullName, name), JsonSerializer.Serialize(content, Json) + "\n");
    }

    // Margins are found by the names that the rows have.
    private string ProfileText(string profile)
    {
        using var content = new StreamReader(typeof(ExtractSet).Assembly.GetManifestResourceStream($"profiles/{profile}.json")!);
        var text = content.ReadToEnd();
        return profile != OwnProfile ? text : Goods.Categories.Aggregate(
            text, (written, category) => written.Replace($"\"{category.Name}\":", $"\"{format.Name(category.Name)}\":", StringComparison.Ordinal));
    }

    private List<WrittenFile> WriteRows(DirectoryInfo folder)
    {
        var files = Tables
            .Select((table, i) => (Table: table, Flaws: new FlawedRows(table == RateFile.Table ? 0 : Flaws, table, world.ChanceOfFlaws(i + 1))))
            .Select(file => new RowFile(folder, file.Table, format, file.Flaws))
            .ToList();
        try
        {
            foreach (var person in world.People())
            {
                files.ForEach(file => file.Write(Rows(file.Table, person)));
            }

            files[^1].Write(RateFile.Rows(world.Rates).Select(Texts));
            return [.. files.Select(static file => new WrittenFile(file.Name, file.Rows))];
        }
        finally
        {
            files.ForEach(static file => file.Dispose());
        }
    }

    private IEnumerable<string[]> Rows(ExtractTable table, SimulatedPerson person)
    {
        var rows = table.Rows(person, world.Until).Select(Texts);
        if (Since is not { } since)
        {
            return rows;
        }

        var known = table.Rows(person, since).Select(row => Key(Texts(row))).ToHashSet(StringComparer.Ordinal);
        return rows.Where(row => !known.Contains(Key(row)));
    }

    private string[] Texts(object?[] row) => [.. row.Select(format.Text)];

    private static string Key(string[] row) => string.Join('\0', row);

    private sealed class RowFile : IDisposable
    {
        private readonly StreamWriter _text;
        private readonly CsvWriter _csv;
        private readonly FlawedRows _flaws;

        public RowFile(DirectoryInfo folder, ExtractTable table, ExtractFormat format, FlawedRows flaws)
        {
            Table = table;
            Name = format.FileOf(table.Name);
            _text = new StreamWriter(Path.Combine(folder.FullName, Name), append: false, format.Encoding);
            _csv = CsvWriter.Create(
                _text, CsvWriterOptions.Default with { NewLine = "\n", Separator = format.Separator[0], ValidateFieldCount = false }, leaveOpen: true);
            _flaws = flaws;
            Write(table.Columns.Select(column => format.Header(table.Name, column)).ToArray());
        }

        public ExtractTable Table { get; }

        public string Name { get; }

        public long Rows { get; private set; }

        public void Write(IEnumerable<string[]> rows)
        {
            foreach (var row in rows)
            {
                Write(_flaws.Pass(row));
                Rows++;
            }
        }

        public void Dispose()
        {
            _csv.Dispose();
            _text.Dispose();
        }

        private void Write(string[] cells)
        {
            foreach (var cell in cells)
            {
                _csv.WriteField(cell);
            }

            _csv.EndRecord();
        }
    }
}

/// <summary>A file of rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Its rows without the header.</param>
internal sealed record WrittenFile(string Name, long Rows);
