using System.Globalization;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Faults;

/// <summary>
/// The system on the eve of a night that is run again and again: with the night before published if there is one, tonight's extracts delivered, and what
/// tonight comes to when nothing goes wrong.
/// </summary>
internal sealed class FaultRig : IAsyncDisposable
{
    // Far beyond what a call takes, and short enough that a message whose deletion was lost comes again within a night.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan NightLimit = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _clock;
    private readonly double _tonight;
    private StorageState? _eve;

    private FaultRig(NightRig night, FaultWorldKind kind, WorldSetup setup, DirectoryInfo clock, double tonight)
    {
        Night = night;
        Kind = kind;
        Setup = setup;
        _clock = clock;
        _tonight = tonight;
    }

    /// <summary>The emulator, the proxy, and the app under its host.</summary>
    public NightRig Night { get; }

    /// <summary>Which night.</summary>
    public FaultWorldKind Kind { get; }

    /// <summary>The run that tonight's is.</summary>
    public string Run => Setup.Before is null ? "r00001" : "r00002";

    /// <summary>What storage holds after an undisturbed night; null until it is known.</summary>
    public StorageState? Expected { get; private set; }

    /// <summary>The events of an undisturbed night, as messages by id.</summary>
    public IReadOnlyDictionary<string, string> Events { get; private set; } = new Dictionary<string, string>();

    /// <summary>What some customers are answered before the night; null when nothing is published.</summary>
    public IReadOnlyDictionary<string, string>? Before { get; private set; }

    /// <summary>What they are answered after it.</summary>
    public IReadOnlyDictionary<string, string> After { get; private set; } = new Dictionary<string, string>();

    /// <summary>How many requests of each kind an undisturbed night has.</summary>
    public IReadOnlyDictionary<FaultTarget, int> Counts { get; private set; } = new Dictionary<FaultTarget, int>();

    /// <summary>What storage holds on the eve.</summary>
    public StorageState Eve => _eve!;

    private WorldSetup Setup { get; }

    /// <summary>Starts everything and runs the night before, and tonight undisturbed.</summary>
    public static async Task<FaultRig> StartAsync(FaultWorldKind kind, AppFolder app)
    {
        var setup = WorldSetup.Of(kind);
        var clock = Directory.CreateTempSubdirectory("clv-clock-");
        // The clocks say that it is the night of the extracts, so that the timer starts it.
        var tonight = (NightRig.Tonight.ToDateTime(new TimeOnly(2, 0), DateTimeKind.Utc) - TimeProvider.System.GetUtcNow().UtcDateTime).TotalSeconds;
        await WriteAsync(clock, "all", tonight);
        var night = await NightRig.StartAsync(
            setup.Workers,
            app.Folder.FullName,
            new Dictionary<string, string>
            {
                ["Clv__Partitions"] = setup.Partitions.ToString(CultureInfo.InvariantCulture),
                ["CLV_CLOCK_FOLDER"] = clock.FullName,
                // Small processes that start often.
                ["DOTNET_gcServer"] = "0",
                ["DOTNET_TieredPGO"] = "0",
            },
            lease: Lease);
        var rig = new FaultRig(night, kind, setup, clock, tonight);
        try
        {
            await rig.PrepareAsync();
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets the clock of one process, or of <c>all</c> that have none of their own, some hours ahead of the night's.</summary>
    public void SetClock(string process, int hours) => WriteAsync(_clock, process, _tonight + (hours * 3600.0)).GetAwaiter().GetResult();

    /// <summary>Makes it the eve again.</summary>
    public async Task RestoreAsync()
    {
        foreach (var clock in _clock.EnumerateFiles().Where(static file => file.Name != "all"))
        {
            clock.Delete();
        }

        await Eve.RestoreAsync(Night);
    }

    /// <summary>Waits until no message is left and nobody works; false when that takes too long.</summary>
    public Task<bool> QuietAsync(Func<bool> busy) => Night.IsQuietWithinAsync(NightLimit, busy);

    /// <summary>All events that were told, by id; more than one text for an id that was told differently.</summary>
    public async Task<ILookup<string, string>> ToldAsync() =>
        (await Night.ToldAsync()).Distinct().ToLookup(static message => message.Id, static message => NightJson.Write(message));

    public async ValueTask DisposeAsync()
    {
        await Night.DisposeAsync();
        _clock.Delete(recursive: true);
    }

    private async Task PrepareAsync()
    {
        if (Setup.Before is { } before)
        {
            await Night.DeliverAsync(SmallWorld.Before, before);
            await PublishedAsync(SmallWorld.Before);
            await Night.ToldAsync();
        }

        await Night.DeliverAsync(NightRig.Tonight, Setup.Tonight, Setup.IsDelta ? "delta" : "snapshot");
        _eve = await StorageState.ReadAsync(Night);
        var ids = Setup.Tonight.First(static file => file.Key.StartsWith("transactions", StringComparison.Ordinal)).Value
            .Split('\n').Skip(1).Select(static line => line.Split(',')[0].Trim('"')).Where(static id => id.Length > 0).Distinct().Take(3).ToList();
        if (Setup.Before is not null)
        {
            Before = await LookupWatch.AnswersAsync(Night.Api, ids);
        }

        var undisturbed = new FaultInjector(this, new FaultPlan(0, Kind, []), new Dictionary<FaultTarget, int>(), Run);
        Night.Proxy.Around = undisturbed.HandleAsync;
        await PublishedAsync(NightRig.Tonight);
        undisturbed.End();
        Assert.Empty(undisturbed.Violations);
        Counts = undisturbed.Seen;
        Expected = await StorageState.ReadAsync(Night);
        Events = (await ToldAsync()).ToDictionary(static told => told.Key, static told => Assert.Single(told));
        Assert.Equal(Setup.Before is null, Events.Count == 0);
        After = await LookupWatch.AnswersAsync(Night.Api, ids);
        await RestoreAsync();
    }

    private async Task PublishedAsync(DateOnly date)
    {
        var report = await Night.RunAsync(date);
        Assert.True(report.State == RunState.Published, $"The {Kind} night of {date:yyyy-MM-dd} is not published undisturbed: {report.Reason}");
        Assert.True(await QuietAsync(static () => false), "The queue is never empty.");
    }

    // A reader finds the old text or the new one, never half of it.
    private static async Task WriteAsync(DirectoryInfo folder, string name, double seconds)
    {
        var file = Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(file + ".new", seconds.ToString("R", CultureInfo.InvariantCulture));
        File.Move(file + ".new", file, overwrite: true);
    }
}
