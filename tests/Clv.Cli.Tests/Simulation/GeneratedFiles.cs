using Clv.Cli.Simulation;
using Clv.Cli.Tests.Commands;

namespace Clv.Cli.Tests.Simulation;

/// <summary>A generated extract set, and its rows by the contract's names.</summary>
internal sealed class GeneratedFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public GeneratedFiles(DateOnly until, int customers = 2000, long seed = 1, ExtractFormat? format = null, DateOnly? since = null, double flaws = 0)
    {
        var world = new SimulatedWorld(customers, seed, SimulatedWorld.OriginOf(until), until);
        Written = new ExtractSet(world, format ?? ExtractFormat.English) { Since = since, Profile = ExtractSet.OwnProfile, Flaws = flaws }.Write(new DirectoryInfo(_folder.Path));
    }

    public IReadOnlyList<WrittenFile> Written { get; }

    public byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(_folder.Path, name));

    public IEnumerable<string> Names() => Directory.EnumerateFiles(_folder.Path).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    /// <summary>The lines of a file of the contract without its header: no cell of it needs quotes.</summary>
    public string[] Lines(string table) => File.ReadAllLines(Path.Combine(_folder.Path, $"{table}.csv"))[1..];

    /// <summary>The cells of a column.</summary>
    public List<string> Column(string table, string column)
    {
        var lines = File.ReadAllLines(Path.Combine(_folder.Path, $"{table}.csv"));
        var index = lines[0].Split(',').ToList().IndexOf(column);
        return [.. lines[1..].Select(line => line.Split(',')[index])];
    }

    public void Dispose() => _folder.Dispose();
}
