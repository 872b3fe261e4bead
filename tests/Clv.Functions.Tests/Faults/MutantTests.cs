using System.Diagnostics;
using System.Globalization;

namespace Clv.Functions.Tests.Faults;

/// <summary>The test of the tests: without one of the night's rules the suite finds a violation, and with all of them it finds none in the same nights.</summary>
[Collection(FaultSuiteTests.Alone)]
public sealed class MutantTests(ITestOutputHelper output)
{
    private const FaultWorldKind World = FaultWorldKind.Delta;
    private const int MaxNights = 12;

    [Fact]
    public async Task Suite_WithoutARule_FindsAViolationWithinAFewSeeds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The process behind a connection is found as Linux tells it.");
        using var source = new MutantSource();
        using var app = new AppFolder(await source.BuildAsync());
        await using var rig = await FaultRig.StartAsync(World, app);
        var seeds = new HashSet<long>();
        var unnoticed = new List<string>();
        foreach (var mutant in Mutant.All)
        {
            var watch = Stopwatch.StartNew();
            using var mutated = new AppFolder(await source.BuildAsync(mutant));
            await rig.Night.RestartAsync(mutated.Folder.FullName);
            FaultOutcome? found = null;
            var nights = 0;
            foreach (var seed in mutant.Seeds(World).Take(MaxNights))
            {
                nights++;
                seeds.Add(seed);
                var outcome = await FaultNight.RunAsync(rig, FaultPlan.Of(seed));
                if (outcome.Violations.Count > 0)
                {
                    found = outcome;
                    break;
                }
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mutant.Name}: {(found is null ? "not noticed" : $"noticed in seed {found.Plan.Seed}")}, {nights} nights, {watch.Elapsed.TotalSeconds:0} s"));
            output.WriteLine(found is null ? "" : $"  {found.PlanText}\n  {found.Violations[0]}");
            if (found is null)
            {
                unnoticed.Add(mutant.Name);
            }
        }

        await rig.Night.RestartAsync(app.Folder.FullName);
        foreach (var seed in seeds)
        {
            var outcome = await FaultNight.RunAsync(rig, FaultPlan.Of(seed));
            Assert.True(outcome.Violations.Count == 0, $"With all rules: {outcome.Explain()}");
        }

        Assert.Empty(unnoticed);
    }
}
