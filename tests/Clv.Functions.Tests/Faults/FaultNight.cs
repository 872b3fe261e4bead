using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Faults;

/// <summary>What a disturbed night came to.</summary>
/// <param name="Plan">What was to go wrong.</param>
/// <param name="PlanText">The same in words.</param>
/// <param name="Fired">What did go wrong.</param>
/// <param name="Violations">What was not as it must be; empty for a night that kept the rules.</param>
/// <param name="Refused">Why the run was given up; null when it was published.</param>
/// <param name="Answers">Lookups that were answered during the night.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Report">What is told of the run, when a rule was broken.</param>
internal sealed record FaultOutcome(
    FaultPlan Plan,
    string PlanText,
    IReadOnlyCollection<Fault> Fired,
    IReadOnlyList<string> Violations,
    string? Refused,
    int Answers,
    double Seconds,
    string? Report)
{
    /// <summary>All that is needed to understand a violation, and to see it again.</summary>
    public string Explain() => $"""
        {PlanText}
        broken:
          {string.Join("\n  ", Violations)}
        the run: {Report}
        again: CLV_FAULT_SEED={Plan.Seed} CLV_FAULT_NIGHTS=1 dotnet test tests/Clv.Functions.Tests --filter FullyQualifiedName~FaultSuite
        """;
}

/// <summary>
/// Runs one night while things go wrong, and looks at what is left: what an undisturbed night leaves, byte for byte, or nothing of it, with the reason
/// on record, the earlier night served, and a start after it that succeeds.
/// </summary>
internal static class FaultNight
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a plan's night on the eve that the rig is at, and makes it the eve again.</summary>
    public static async Task<FaultOutcome> RunAsync(FaultRig rig, FaultPlan plan)
    {
        var watch = Stopwatch.StartNew();
        var violations = new List<string>();
        var injector = new FaultInjector(rig, plan, rig.Counts, rig.Run);
        var lookups = new LookupWatch(rig.Night.Api, rig.Before, rig.After);
        using var end = new CancellationTokenSource();
        var looking = lookups.RunAsync(end.Token);
        rig.Night.Proxy.Around = injector.HandleAsync;
        string? refused = null;
        try
        {
            await StartAsync(rig);
            if (!await rig.QuietAsync(() => injector.IsBusy))
            {
                violations.Add("Messages are left and do not go away");
            }
        }
        finally
        {
            injector.End();
            await end.CancelAsync();
            await looking;
        }

        var left = await StorageState.ReadAsync(rig.Night);
        violations.AddRange(injector.Violations.Distinct().Take(10));
        violations.AddRange(lookups.Violations.Distinct().Take(5));
        foreach (var start in await injector.StartsAsync())
        {
            if (start is not null && (start.Run != rig.Run) && !plan.MayBeRefused)
            {
                violations.Add($"A start during the night made another run, {start.Run}");
            }
        }

        switch (State(left, rig.Run))
        {
            case nameof(RunState.Published) when plan.MustBeRefused:
                violations.Add("The run was published although a unit could not be done");
                break;
            case nameof(RunState.Published):
                await CheckPublishedAsync(rig, plan, left, violations);
                break;
            case nameof(RunState.Failed):
                refused = await CheckRefusedAsync(rig, plan, left, violations);
                break;
            case var state:
                violations.Add($"No message is left, and the run has not ended: it is {state ?? "not recorded"}");
                break;
        }

        var report = violations.Count == 0 ? null : await ReportAsync(rig);
        await rig.RestoreAsync();
        return new FaultOutcome(
            plan, plan.Describe(rig.Counts), injector.Fired, violations, refused, lookups.Answers, watch.Elapsed.TotalSeconds, report);
    }

    // As an operator does: until it is answered.
    private static async Task StartAsync(FaultRig rig)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await rig.Night.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (watch.Elapsed < StartLimit)
            {
                // The process died that was asked.
            }

            Assert.True(watch.Elapsed < StartLimit, "The night cannot be started.");
            await Task.Delay(50);
        }
    }

    private static async Task CheckPublishedAsync(FaultRig rig, FaultPlan plan, StorageState left, List<string> violations)
    {
        var expected = new SortedDictionary<string, string>(rig.Expected!.Entries, StringComparer.Ordinal);
        var actual = new SortedDictionary<string, string>(left.Entries, StringComparer.Ordinal);
        var untold = actual.Where(entry => entry.Key.StartsWith($"{Names.Runs}/{rig.Run}/unit-", StringComparison.Ordinal)
            && entry.Key.Contains("-announce-", StringComparison.Ordinal) && entry.Value.Contains("\"failed\":true", StringComparison.Ordinal)).ToList();
        if (untold.Count > 0 && plan.MayBeRefused)
        {
            // Published for good; that the events of a partition could not all be sent is on record, and the file has them.
            foreach (var (name, _) in untold)
            {
                actual[name] = expected[name];
            }
        }

        violations.AddRange(StorageState.Differences(expected, actual));
        var told = await rig.ToldAsync();
        foreach (var texts in told)
        {
            if (!rig.Events.TryGetValue(texts.Key, out var text))
            {
                violations.Add($"Event {texts.Key} was told, and never happened");
            }
            else if (texts.Any(other => other != text))
            {
                violations.Add($"Event {texts.Key} was told as {texts.First(other => other != text)}, not as {text}");
            }
        }

        if (untold.Count == 0 && rig.Events.Keys.Where(id => !told.Contains(id)).ToList() is { Count: > 0 } lost)
        {
            violations.Add($"{lost.Count} events were never told, such as {lost[0]}");
        }

        violations.AddRange(await WrongAnswersAsync(rig, rig.After));
    }

    private static async Task<string?> CheckRefusedAsync(FaultRig rig, FaultPlan plan, StorageState left, List<string> violations)
    {
        var reason = (await rig.Night.EndOfAsync(rig.Run)).Reason;
        if (!plan.MayBeRefused || reason is null || !reason.StartsWith("Unit ", StringComparison.Ordinal)
            || !(reason.Contains("403", StringComparison.Ordinal) || reason.Contains("no error could be noted", StringComparison.Ordinal)))
        {
            violations.Add($"The run was refused without such a fault: {reason}");
        }

        if (plan.MustBeRefused && reason?.Contains("403", StringComparison.Ordinal) == false)
        {
            violations.Add($"The reason does not say what storage answered: {reason}");
        }

        // Nothing of an earlier night is touched; lookups still see it, and no event of this one is told.
        violations.AddRange(StorageState.Differences(Earlier(rig.Eve, rig.Run), Earlier(left, rig.Run)));
        if (rig.Before is { } before)
        {
            violations.AddRange(await WrongAnswersAsync(rig, before));
        }

        if ((await rig.ToldAsync()).Count > 0)
        {
            violations.Add("Events of a run were told that was not published");
        }

        if (violations.Count == 0)
        {
            await CheckNextAsync(rig, violations);
        }

        return reason;
    }

    // The operator starts the night once more.
    private static async Task CheckNextAsync(FaultRig rig, List<string> violations)
    {
        var next = await rig.Night.RunAsync(NightRig.Tonight);
        if (next.State != RunState.Published)
        {
            violations.Add($"The run after it was not published: {next.Reason}");
            return;
        }

        await rig.QuietAsync(static () => false);
        var left = await StorageState.ReadAsync(rig.Night);
        var of = left.Entries.Where(entry => entry.Key.Contains(next.Run, StringComparison.Ordinal)).ToDictionary(
            entry => entry.Key.Replace(next.Run, rig.Run, StringComparison.Ordinal), entry => entry.Value.Replace(next.Run, rig.Run, StringComparison.Ordinal));
        var expected = rig.Expected!.Entries.Where(entry => entry.Key.Contains(rig.Run, StringComparison.Ordinal)).ToDictionary();
        violations.AddRange(StorageState.Differences(expected, of).Select(difference => $"In the run after it: {difference}"));
        // Customers' ids stand in clear in these.
        violations.AddRange(left.Entries.Keys
            .Where(name => name.StartsWith($"{Names.Work}/", StringComparison.Ordinal) || name.StartsWith($"{Names.History}/{rig.Run}/", StringComparison.Ordinal))
            .Take(3).Select(static name => $"{name} is left after the next run"));
    }

    private static async Task<IEnumerable<string>> WrongAnswersAsync(FaultRig rig, IReadOnlyDictionary<string, string> expected) =>
        (await LookupWatch.AnswersAsync(rig.Night.Api, expected.Keys)).Where(answer => answer.Value != expected[answer.Key])
            .Select(static answer => $"In the end customer {answer.Key} is answered {answer.Value[..Math.Min(200, answer.Value.Length)]}");

    private static SortedDictionary<string, string> Earlier(StorageState state, string run) => new(
        state.Entries.Where(entry => !entry.Key.Contains(run, StringComparison.Ordinal)).ToDictionary(), StringComparer.Ordinal);

    private static string? State(StorageState state, string run) =>
        state.Entries.TryGetValue($"{Names.Runs}/{run}/run", out var record)
            ? Enum.GetNames<RunState>().First(name => record.Contains($"State={name}", StringComparison.Ordinal))
            : null;

    private static async Task<string> ReportAsync(FaultRig rig)
    {
        try
        {
            return JsonSerializer.Serialize(
                await rig.Night.Api.GetFromJsonAsync<JsonElement>($"api/runs/{rig.Run}"), NightJson.Options) is var text && text.Length > 3000 ? text[..3000] : text;
        }
        catch (HttpRequestException e)
        {
            return $"cannot be read: {e.Message}";
        }
    }
}
