using System.Net.Http.Json;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

public sealed class DeliveryTests
{
    [Fact]
    public async Task Night_EveryMessageTwice_GivesTheSameScoresAndBooks()
    {
        await using var rig = await NightRig.StartAsync(workers: 2);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        var undisturbed = await rig.RunAsync(NightRig.Tonight);

        // What storage takes once is sent again before the app hears of it.
        rig.SendEveryMessageTwice();
        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal(await rig.ScoresAsync(undisturbed.Run), await rig.ScoresAsync(report.Run));
        Assert.All(report.Phases, static phase => Assert.Equal(phase.Units, phase.Done));
        Assert.Equal(undisturbed.Files[0].Used, report.Files[0].Used);
    }

    [Fact]
    public async Task Night_UnitsThatEndTogether_QueueTheNextPhaseOnce()
    {
        await using var rig = await NightRig.StartAsync(workers: 2);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        var queued = 0;
        rig.Proxy.After = async request =>
        {
            if (request.Has("POST", $"/{Names.WorkQueue}/messages"))
            {
                Interlocked.Increment(ref queued);
            }
            else if (request.Body.Contains("unit-", StringComparison.Ordinal))
            {
                // By the time that a unit knows of its own mark, its phase may be done by another one's.
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }

            return true;
        };
        rig.Proxy.Before = static async request =>
        {
            if (request.IsWrite && request.Body.Contains("\"NextQueued\":true", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            return null;
        };

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal(report.Phases.Sum(static phase => phase.Units), queued);
    }

    [Fact]
    public async Task Start_ManyAtOnce_MakesOneRun()
    {
        await using var rig = await NightRig.StartAsync(workers: 2);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight })));

        var runs = await Task.WhenAll(answers.Select(static a => a.Content.ReadFromJsonAsync<StartedRun>()));
        var run = Assert.Single(runs.Select(static r => r!.Run).Distinct());
        Assert.Equal(RunState.Published, (await rig.EndOfAsync(run)).State);
    }

    [Fact]
    public async Task Start_ReplacingARunUnderWay_NeverPublishesTheReplacedOne()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        // The first run is held where it writes its scores, until the second has taken its place.
        var reached = new TaskCompletionSource();
        var replaced = new TaskCompletionSource();
        rig.Proxy.Before = async request =>
        {
            if (request.Method == "POST" && request.Body.Contains("clvscoresr00001", StringComparison.Ordinal))
            {
                reached.TrySetResult();
                await replaced.Task;
            }

            return null;
        };
        using var first = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        await reached.Task.WaitAsync(NightRig.Limit);
        using var second = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight, replace = true });
        replaced.SetResult();

        var late = await rig.EndOfAsync("r00002");
        Assert.True(late.State == RunState.Published, late.Reason);
        var early = await rig.EndOfAsync("r00001");
        Assert.Equal((RunState.Failed, false, "Given up for run r00002."), (early.State, early.Published, early.Reason));
    }

    [Fact]
    public async Task Timer_TonightDelivered_PublishesOnceAndThenRests()
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.AtNoon);
        await rig.DeliverAsync(
            NightRig.Today, new Dictionary<string, string> { ["transactions.csv"] = Customers.Transactions(400, until: NightRig.Today.AddDays(-1)) });

        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);
        Assert.Equal(RunState.Published, (await rig.EndOfAsync("r00001")).State);
        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);

        Assert.Equal(1, (await rig.Api.GetFromJsonAsync<System.Text.Json.JsonElement>("api/runs")).GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public async Task Timer_NothingDelivered_LeavesAFailedRunThatSaysSo()
    {
        await using var rig = await NightRig.StartAsync();

        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);

        var report = await rig.EndOfAsync("r00001");
        Assert.Equal(RunState.Failed, report.State);
        Assert.Contains("There is no extract", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Night_UnitThatAlwaysFails_EndsTheRunWithItsError()
    {
        await using var rig = await NightRig.StartAsync(appFolder: ImpatientHost.Folder);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        rig.Proxy.Before = static request => Task.FromResult<int?>(request.Has("PUT", "/clv-models/") ? 403 : null);

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.Equal(RunState.Failed, report.State);
        Assert.Contains("Unit 0 of phase Fit failed every time", report.Reason, StringComparison.Ordinal);
        Assert.Contains("403", report.Reason, StringComparison.Ordinal);
    }
}
