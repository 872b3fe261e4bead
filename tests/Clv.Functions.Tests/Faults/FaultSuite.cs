using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Clv.Functions.Tests.Faults;

/// <summary>Runs the nights of many seeds, those of a kind one after the other on one emulator and host, and says what they came to.</summary>
internal static class FaultSuite
{
    /// <summary>Runs seeds.</summary>
    /// <param name="seeds">The seeds.</param>
    /// <param name="app">The app.</param>
    /// <param name="lanes">How many kinds are run at the same time.</param>
    /// <param name="done">Told of every night.</param>
    public static async Task<IReadOnlyList<FaultOutcome>> RunAsync(IEnumerable<long> seeds, AppFolder app, int lanes, Action<FaultOutcome>? done = null)
    {
        var outcomes = new ConcurrentBag<FaultOutcome>();
        await Parallel.ForEachAsync(
            seeds.Select(FaultPlan.Of).GroupBy(static plan => plan.World).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = lanes },
            async (plans, _) =>
            {
                await using var rig = await FaultRig.StartAsync(plans.Key, app);
                foreach (var plan in plans)
                {
                    var outcome = await FaultNight.RunAsync(rig, plan);
                    outcomes.Add(outcome);
                    done?.Invoke(outcome);
                }
            });
        return [.. outcomes.OrderBy(static outcome => outcome.Plan.Seed)];
    }

    /// <summary>What the nights came to, as text.</summary>
    public static string Summary(IReadOnlyList<FaultOutcome> outcomes, TimeSpan elapsed, TimeSpan processor)
    {
        var text = new StringBuilder();
        var fired = outcomes.SelectMany(static outcome => outcome.Fired).ToList();
        var refused = outcomes.Where(static outcome => outcome.Refused is not null).ToList();
        text.AppendLine(CultureInfo.InvariantCulture, $"{outcomes.Count} nights in {elapsed.TotalSeconds:0} s, seeds {outcomes[0].Plan.Seed} to {outcomes[^1].Plan.Seed}; "
            + $"{outcomes.Count / processor.TotalMinutes:0.0} a minute of processor; {outcomes.Average(static outcome => outcome.Seconds):0.0} s each, {outcomes.Max(static outcome => outcome.Seconds):0.0} s the longest");
        text.AppendLine(CultureInfo.InvariantCulture, $"{outcomes.Count - refused.Count} published as undisturbed, {refused.Count} refused; "
            + $"{outcomes.Sum(static outcome => outcome.Answers)} lookups answered meanwhile; {outcomes.Count(static outcome => outcome.Violations.Count > 0)} nights broke a rule");
        text.AppendLine(CultureInfo.InvariantCulture, $"{fired.Count} faults: {Counted(fired.Select(static fault => fault.Kind.ToString()))}");
        text.AppendLine(CultureInfo.InvariantCulture, $"at: {Counted(fired.Select(static fault => fault.Target.ToString()))}");
        foreach (var reason in refused.GroupBy(static outcome => string.Join(' ', outcome.Refused!.Split(' ').Take(9))).OrderByDescending(static of => of.Count()))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"refused {reason.Count()} times: {reason.Key} ...");
        }

        return text.ToString();
    }

    private static string Counted(IEnumerable<string> names) =>
        string.Join(", ", names.CountBy(static name => name).OrderByDescending(static of => of.Value).Select(static of => $"{of.Value} {of.Key}"));
}
