using System.Diagnostics;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Faults;

/// <summary>A copy of the product's source, in which rules can be removed.</summary>
internal sealed class MutantSource : IDisposable
{
    private static readonly string[] BuildFiles =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "host.json", "BannedSymbols.txt", ".editorconfig", "src/Package.targets"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clv-mutants-");
    private int _builds;

    public MutantSource()
    {
        foreach (var file in BuildFiles)
        {
            var copy = Path.Combine(_folder.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Folder, file), copy);
        }

        foreach (var project in (string[])["Clv.Core", "Clv.Functions"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Folder, "src", project), "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(_folder.FullName, Path.GetRelativePath(Repository.Folder, file));
                if (!copy.Contains("/bin/", StringComparison.Ordinal) && !copy.Contains("/obj/", StringComparison.Ordinal))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                    File.Copy(file, copy);
                }
            }
        }
    }

    private string Project => Path.Combine(_folder.FullName, "src", "Clv.Functions");

    /// <summary>Builds the copy as it is.</summary>
    /// <returns>The app's assembly.</returns>
    public Task<string> BuildAsync() => BuildAsync("unmutated");

    /// <summary>Builds the app without a mutant's rule; all else stays as it was built before.</summary>
    /// <exception cref="InvalidOperationException">The source has changed so that the mutant does not fit it any more.</exception>
    public async Task<string> BuildAsync(Mutant mutant)
    {
        var file = Path.Combine(Project, mutant.File);
        var text = await File.ReadAllTextAsync(file);
        var times = text.Split(mutant.Original).Length - 1;
        if (times != 1)
        {
            throw new InvalidOperationException(
                $"Mutant \"{mutant.Name}\": its text occurs {times} times in src/Clv.Functions/{mutant.File}. The product has changed: update Mutant.cs to what "
                + $"keeps that rule there now. The text:\n{mutant.Original}");
        }

        await File.WriteAllTextAsync(file, text.Replace(mutant.Original, mutant.Replacement, StringComparison.Ordinal));
        try
        {
            return await BuildAsync(mutant.Name, "--no-restore", "--no-dependencies");
        }
        finally
        {
            await File.WriteAllTextAsync(file, text);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> BuildAsync(string name, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet", [
            "build", Project, "-v", "q", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false", "-p:TreatWarningsAsErrors=false",
            .. more])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"\"{name}\" cannot be built:\n{output}");
        var copy = Path.Combine(_folder.CreateSubdirectory($"built-{++_builds}").FullName, "Clv.Functions.dll");
        File.Copy(Path.Combine(_folder.FullName, "artifacts", "bin", "Clv.Functions", "debug", "Clv.Functions.dll"), copy);
        return copy;
    }
}
