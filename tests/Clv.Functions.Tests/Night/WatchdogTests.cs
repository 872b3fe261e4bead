using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>Whatever happens to messages: a night is finished by itself, or ends with a reason.</summary>
public sealed class WatchdogTests
{
    // A service's clock is told to the second, and that much must pass until something counts as idle.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(2.2);

    [Fact]
    public async Task Watch_EveryMessageOfAPhaseLost_QueuesThemAgainAndTheNightIsTheSame()
    {
        await using var rig = await NightRig.StartAsync();
        using var app = new InProcess(rig, static options => options with { StuckMinutes = 0 });
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        var undisturbed = await rig.ScoresAsync((await rig.RunAsync(NightRig.Tonight)).Run);

        foreach (var phase in Enum.GetValues<Phase>())
        {
            // The host cannot fetch what is on its way into the queue, and then it is gone: also what is sent twice, since two units ended together.
            var (coming, queued, lost) = (false, 0, false);
            rig.Proxy.Before = request =>
            {
                coming |= request.Queues(phase);
                return Task.FromResult<int?>(coming && !lost && request.Has("GET", "/clv-work/messages") ? 503 : null);
            };
            rig.Proxy.After = request =>
            {
                // Messages are sent several at a time.
                Interlocked.Add(ref queued, request.Queues(phase) ? 1 : 0);
                return Task.FromResult(true);
            };
            var units = phase is Phase.Plan or Phase.Ingest or Phase.Fit or Phase.Rank or Phase.Publish ? 1 : NightRig.Partitions;
            var run = await rig.StartRunAsync(NightRig.Tonight);
            await rig.UntilAsync(run, _ => queued >= units);
            await WatchUntilRequeuedAsync(rig, app, run, before: () => rig.Queue().ClearMessagesAsync());
            lost = true;

            var report = await rig.EndOfAsync(run);
            Assert.True(report.State == RunState.Published, $"{phase}: {report.Reason}");
            Assert.Contains(report.Problems, static problem => problem.Contains("queued again", StringComparison.Ordinal));
            Assert.Equal(undisturbed, await rig.ScoresAsync(run));
        }

        Assert.Equal(Enum.GetValues<Phase>().Length, app.Log.Lines.Count(static line => line.Event == 30));
    }

    [Fact]
    public async Task Watch_KilledBetweenBarrierAndQueueAndTheMessageLost_PassesTheBarrier()
    {
        await using var rig = await NightRig.StartAsync();
        using var app = new InProcess(rig, static options => options with { StuckMinutes = 0 });
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        var (killed, cleared) = (false, new TaskCompletionSource());
        rig.Proxy.Before = async request =>
        {
            if (!killed && request.Queues(Phase.Score))
            {
                killed = true;
                await rig.KillWorkerAsync();
                await rig.Queue().ClearMessagesAsync();
                cleared.SetResult();
                return 503;
            }

            return null;
        };
        using var answer = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        await cleared.Task.WaitAsync(NightRig.Limit, TestContext.Current.CancellationToken);
        Assert.False((await app.Get<RunTable>().Units.ProgressAsync("r00001", Phase.Rank, TestContext.Current.CancellationToken))!.NextQueued);

        await WatchUntilRequeuedAsync(rig, app, "r00001");

        var report = await rig.EndOfAsync("r00001");
        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Contains(report.Problems, static problem => problem.Contains("phase Rank is complete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_PhaseThatNeverProgresses_IsGivenUpAfterThreeTimesWithItsReason()
    {
        await using var rig = await NightRig.StartAsync();
        using var app = new InProcess(rig, static options => options with { StuckMinutes = 0 });
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        await BlockAsync(rig, Phase.Value);
        var (queued, watching) = (0, false);
        var blocked = rig.Proxy.Before;
        rig.Proxy.Before = request =>
        {
            // Messages are sent several at a time.
            Interlocked.Add(ref queued, watching && request.Queues(Phase.Value) ? 1 : 0);
            return blocked(request);
        };
        await app.Get<RunTable>().Units.NoteProblemAsync("r00001", Phase.Value, 2, "IOException: the disk is full", TestContext.Current.CancellationToken);

        for (var time = 0; time < Watchdog.MostInVain; time++)
        {
            await Task.Delay(Second);
            watching = true;
            await app.Get<Watchdog>().RunAsync(TestContext.Current.CancellationToken);
            watching = false;
            Assert.Equal(RunState.Running, (await rig.UntilAsync("r00001", static _ => true)).State);
        }

        Assert.Equal(Watchdog.MostInVain * NightRig.Partitions, queued);
        await Task.Delay(Second);
        await app.Get<Watchdog>().RunAsync(TestContext.Current.CancellationToken);

        var report = await rig.EndOfAsync("r00001");
        Assert.Equal((RunState.Failed, 3), (report.State, report.Requeued));
        Assert.Contains("of phase Value, 4 of 4 units are missing (0, 1, 2, 3)", report.Reason, StringComparison.Ordinal);
        Assert.Contains("the disk is full", report.Reason, StringComparison.Ordinal);
        Assert.Contains(app.Log.Lines, static line => line.Event == 31);
    }

    [Fact]
    public async Task Watch_PublishedButNotRecorded_EndsAsPublished()
    {
        await using var rig = await NightRig.StartAsync();
        using var app = new InProcess(rig, static options => options with { StuckMinutes = 0 });
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        // The pointer has moved; the process dies before that is recorded, and nothing fetches the message again.
        var dead = false;
        rig.Proxy.Before = async request =>
        {
            if (!dead && request.Marks("publish"))
            {
                dead = true;
                await rig.KillWorkerAsync();
                return 503;
            }

            return dead && request.Has("GET", "/clv-work/messages") ? 503 : null;
        };
        using var answer = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        await rig.UntilAsync("r00001", static report => report is { State: RunState.Publishing, Published: true });
        await rig.UntilAsync("r00001", _ => dead);
        for (var time = 0; time <= Watchdog.MostInVain; time++)
        {
            await Task.Delay(Second);
            await app.Get<Watchdog>().RunAsync(TestContext.Current.CancellationToken);
        }

        rig.Proxy.Before = static _ => Task.FromResult<int?>(null);
        var report = await rig.EndOfAsync("r00001");
        Assert.Equal((RunState.Published, true, 3), (report.State, report.Published, report.Requeued));
    }

    [Fact]
    public async Task Watch_AppsClockJumps_LeavesTheRunAloneAndTellsOfLateScores()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        await rig.RunAsync(NightRig.Tonight);
        await BlockAsync(rig, Phase.Value);
        foreach (var hours in (int[])[-30, 25, 27])
        {
            using var app = new InProcess(rig, clock: new ShiftedClock(TimeSpan.FromHours(hours)));
            await app.Get<Watchdog>().RunAsync(TestContext.Current.CancellationToken);

            Assert.DoesNotContain(app.Log.Lines, static line => line.Event is 30 or 31);
            Assert.Equal(hours == 27, app.Log.Lines.Any(static line => line.Event == 32));
        }

        rig.Proxy.Before = static _ => Task.FromResult<int?>(null);
        var report = await rig.EndOfAsync("r00002");
        Assert.Equal((RunState.Published, 0), (report.State, report.Requeued));
    }

    [Fact]
    public async Task Queue_MessagesThatAreNobodysWork_AreToldByHashAndGone()
    {
        var log = new LogBook();
        await using var rig = await NightRig.StartAsync(log: log);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        var night = await rig.RunAsync(NightRig.Tonight);
        string[] malformed = ["Erika Mustermann, +49 170 1234567", "\"half a string", "{}", """{"run":"r00001","phase":"score","unit":0,"more":1}""", "[]"];
        string[] unknown = ["""{"run":"r09999","phase":"score","unit":0}""", """{"run":"r00001","phase":"score","unit":4711}"""];
        string[] done = ["""{"run":"r00001","phase":"score","unit":0}""", """{"run":"r00001","phase":"announce","unit":3}"""];

        foreach (var queue in (string[])[Names.WorkQueue, Names.WorkQueue + "-poison"])
        {
            await rig.Queue(queue).CreateIfNotExistsAsync();
            foreach (var text in (IEnumerable<string>)[.. malformed, .. unknown, .. done])
            {
                await rig.Queue(queue).SendMessageAsync(text);
            }
        }

        foreach (var queue in (string[])[Names.WorkQueue, Names.WorkQueue + "-poison"])
        {
            await rig.UntilAsync(night.Run, _ => rig.Queue(queue).GetProperties().Value.ApproximateMessagesCount == 0);
        }

        Assert.False(await rig.Queue(Names.WorkQueue + "-poison-poison").ExistsAsync());
        string[] told =
        [
            .. malformed.Select(static text => $"SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}"),
            "Run r09999: there is no unit 0 of Score",
            "Run r00001: there is no unit 4711 of Score",
        ];
        // What a process prints is read while it goes on.
        await rig.UntilAsync(night.Run, _ => Array.TrueForAll(told, text => Times(text) >= 2));
        // Of each queue; a message that is delivered once more is told once more.
        Assert.All(told, text => Assert.InRange(Times(text), 2, 4));
        Assert.DoesNotContain(log.Lines, static line => line.Text.Contains("Mustermann", StringComparison.Ordinal) || line.Text.Contains("half a", StringComparison.Ordinal));

        Assert.Equal(RunState.Published, (await rig.EndOfAsync(night.Run)).State);
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);

        int Times(string text) => log.Lines.Count(line => line.Text.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_ByItsTimer_Succeeds()
    {
        await using var rig = await NightRig.StartAsync();

        Assert.True((await rig.Host.TriggerTimerAsync("Watch", TestContext.Current.CancellationToken)).Succeeded);
    }

    // Once: units that are queued again are to be done, not queued again.
    private static async Task WatchUntilRequeuedAsync(NightRig rig, InProcess app, string run, Func<Task>? before = null)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            Assert.True(watch.Elapsed < NightRig.Limit, $"Nothing of run {run} was queued again.");
            await Task.Delay(Second);
            await (before?.Invoke() ?? Task.CompletedTask);
            await app.Get<Watchdog>().RunAsync(TestContext.Current.CancellationToken);
        }
        while ((await rig.UntilAsync(run, static _ => true)).Requeued == 0);
    }

    // Starts the night of Tonight, and stops the fetching of messages when the units of a phase are queued.
    private static async Task BlockAsync(NightRig rig, Phase phase)
    {
        var blocked = false;
        rig.Proxy.Before = request =>
        {
            blocked |= request.Queues(phase);
            return Task.FromResult<int?>(blocked && request.Has("GET", "/clv-work/messages") ? 503 : null);
        };
        using var answer = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        var run = (await answer.Content.ReadFromJsonAsync<StartedRun>())!.Run;
        using var app = new InProcess(rig);
        await rig.UntilAsync(run, _ => app.Get<RunTable>().Units.ProgressAsync(run, phase - 1, CancellationToken.None).GetAwaiter().GetResult() is { NextQueued: true });
    }
}
