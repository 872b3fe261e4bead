using System.Text.Json.Nodes;

namespace Clv.Functions.Tests.Rig;

/// <summary>The app under a host.json in which a unit that has failed comes again in a second, for tests in which many do.</summary>
public static class ImpatientHost
{
    private static readonly Lazy<string> Made = new(Make);

    /// <summary>The folder to give to the host.</summary>
    public static string Folder => Made.Value;

    private static string Make()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "impatient-host");
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(NightRig.AppFolder, "host.json")))!;
        host["extensions"]!["queues"]!["visibilityTimeout"] = "00:00:01";
        var program = host["customHandler"]!["description"]!;
        program["defaultExecutablePath"] = Path.Combine(NightRig.AppFolder, (string)program["defaultExecutablePath"]!);
        program["workingDirectory"] = NightRig.AppFolder;
        foreach (var function in Directory.EnumerateFiles(NightRig.AppFolder, "function.json", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(NightRig.AppFolder, function));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(function, copy, overwrite: true);
        }

        File.WriteAllText(Path.Combine(folder, "host.json"), host.ToJsonString());
        return folder;
    }
}
