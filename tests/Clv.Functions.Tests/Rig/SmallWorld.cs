using Clv.Cli.Simulation;

namespace Clv.Functions.Tests.Rig;

/// <summary>A small simulated firm with everything that an extract set may have, as its CRM sees it on any day.</summary>
public sealed class SmallWorld(int customers, long seed = 1)
{
    /// <summary>A day a week before <see cref="NightRig.Tonight"/>.</summary>
    public static readonly DateOnly Before = NightRig.Tonight.AddDays(-7);

    /// <summary>The whole extract set of a day, or what is new since an earlier one.</summary>
    public IReadOnlyDictionary<string, string> Extract(DateOnly until, DateOnly? since = null)
    {
        var folder = Directory.CreateTempSubdirectory("clv-world-");
        try
        {
            var world = new SimulatedWorld(customers, seed, SimulatedWorld.OriginOf(until), until);
            new ExtractSet(world, ExtractFormat.English) { Since = since, Profile = ExtractSet.Profiles[0] }.Write(folder);
            // The rig writes the manifest.
            return folder.EnumerateFiles().Where(static file => file.Name is not ("truth.json" or "manifest.json"))
                .ToDictionary(static file => file.Name, static file => File.ReadAllText(file.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
