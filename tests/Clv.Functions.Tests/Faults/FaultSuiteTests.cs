using System.Diagnostics;
using System.Globalization;

namespace Clv.Functions.Tests.Faults;

/// <summary>
/// Whole nights while everything goes wrong that may: each is published as if nothing had happened, or refused with its reason while the night before
/// is served. <c>CLV_FAULT_NIGHTS</c> says how many nights, <c>CLV_FAULT_SEED</c> with which seed to begin.
/// </summary>
[Collection(Alone)]
public sealed class FaultSuiteTests(ITestOutputHelper output)
{
    /// <summary>The collection of tests that keep all cores busy by themselves.</summary>
    public const string Alone = "Faults";

    [Fact]
    public async Task Nights_DisturbedBySeed_ArePublishedAsUndisturbedOrRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The process behind a connection is found as Linux tells it.");
        var first = Setting("CLV_FAULT_SEED", 1);
        var nights = Setting("CLV_FAULT_NIGHTS", 100);
        using var app = new AppFolder();
        var watch = Stopwatch.StartNew();
        var used = ProcessorTime();

        var outcomes = await FaultSuite.RunAsync(
            Enumerable.Range(0, (int)nights).Select(i => first + i), app, lanes: 2, outcome =>
            {
                if (outcome.Violations.Count > 0)
                {
                    output.WriteLine(outcome.Explain());
                }
            });

        output.WriteLine(FaultSuite.Summary(outcomes, watch.Elapsed, ProcessorTime() - used));
        Assert.True(
            outcomes.All(static outcome => outcome.Violations.Count == 0),
            string.Join("\n\n", outcomes.Where(static outcome => outcome.Violations.Count > 0).Take(3).Select(static outcome => outcome.Explain())));
    }

    [Fact]
    public async Task Night_OneInFiveStorageCallsFails_PublishesTheSameBytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The process behind a connection is found as Linux tells it.");
        using var app = new AppFolder();
        await using var rig = await FaultRig.StartAsync(FaultWorldKind.Snapshot, app);

        var outcome = await FaultNight.RunAsync(rig, new FaultPlan(7, rig.Kind, [new Fault(FaultKind.Storm, FaultTarget.AnyWrite, 0, 20)]));

        output.WriteLine(FaultSuite.Summary([outcome], TimeSpan.FromSeconds(outcome.Seconds), TimeSpan.FromSeconds(outcome.Seconds)));
        Assert.True(outcome.Violations.Count == 0, outcome.Explain());
        Assert.Null(outcome.Refused);
        Assert.True(outcome.Fired.Count > 40, $"Only {outcome.Fired.Count} calls failed.");
        Assert.True(outcome.Fired.Select(static fault => fault.Kind).Distinct().Count() >= 4);
    }

    private static long Setting(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;

    // Of this process and of all that it has waited for.
    private static TimeSpan ProcessorTime()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(' ');
        return TimeSpan.FromSeconds(fields[13..17].Sum(static ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / 100);
    }
}
