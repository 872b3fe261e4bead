using System.Text.Json.Nodes;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Faults;

/// <summary>A copy of the app's folder for nights that are disturbed: its program is the one whose clock can be set, and a failed unit comes again soon.</summary>
internal sealed class AppFolder : IDisposable
{
    private const string Program = "Clv.JumpingClock";

    /// <param name="mutant">The assembly of the app to run instead of the one that was built; null for that.</param>
    public AppFolder(string? mutant = null)
    {
        var built = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(NightRig.AppFolder))!, Program, Path.GetFileName(NightRig.AppFolder));
        Copy(built, Folder.FullName);
        var file = Path.Combine(Folder.FullName, "host.json");
        var host = JsonNode.Parse(File.ReadAllText(file))!;
        host["customHandler"]!["description"]!["defaultExecutablePath"] = Program;
        var queues = host["extensions"]!["queues"]!;
        queues["visibilityTimeout"] = "00:00:01";
        queues["maxPollingInterval"] = "00:00:00.2";
        queues["maxDequeueCount"] = FaultPlan.MaxDequeueCount;
        File.WriteAllText(file, host.ToJsonString());
        if (mutant is not null)
        {
            File.Copy(mutant, Path.Combine(Folder.FullName, "Clv.Functions.dll"), overwrite: true);
        }
    }

    /// <summary>The folder.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("clv-app-");

    public void Dispose() => Folder.Delete(recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
