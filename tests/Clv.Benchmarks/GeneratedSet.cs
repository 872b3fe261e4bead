using System.Diagnostics;
using CsvHelper;

namespace Clv.Benchmarks;

/// <summary>An extract set made by <c>clv generate --plain</c>, gone afterwards.</summary>
internal sealed class GeneratedSet : IDisposable
{
    private readonly DirectoryInfo _folder;

    private GeneratedSet(DirectoryInfo folder)
    {
        _folder = folder;
        File = Path.Combine(folder.FullName, "transactions.csv");
        Rows = ReadCells(File);
    }

    public string File { get; }

    public long Rows { get; }

    private static string Program => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "clv.exe" : "clv");

    public static GeneratedSet Create(int customers)
    {
        var folder = Directory.CreateTempSubdirectory("clv-benchmark-");
        Run("generate", "--plain", "--customers", $"{customers}", "--out", folder.FullName);
        return new GeneratedSet(folder);
    }

    /// <summary>Touches every cell of the file and nothing more: what no reader on this library can be faster than.</summary>
    public static long ReadCells(string file)
    {
        using var csv = CsvReader.FromFile(file);
        long rows = 0, bytes = 0;
        while (csv.Read())
        {
            bytes += csv.GetSpan(0).Length + csv.GetSpan(1).Length + csv.GetSpan(2).Length;
            rows++;
        }

        return bytes > 0 ? rows : 0;
    }

    public static void Score(string file) => Run("score", "--transactions", file, "--out", Path.Combine(Path.GetDirectoryName(file)!, "scores.csv"));

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"clv {arguments[0]}: {error.Result}");
        }
    }
}
