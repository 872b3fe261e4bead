using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>
/// The host stops a process with SIGKILL. In each phase that happens twice here, once before the phase's own write reaches storage and once
/// when its marker is in but the app does not know: the run finishes by itself, and its scores are the undisturbed night's.
/// </summary>
public sealed class KillTests
{
    private const int Killing = -1;

    [Theory]
    [InlineData(Phase.Plan)]
    [InlineData(Phase.Ingest)]
    [InlineData(Phase.Summarise)]
    [InlineData(Phase.Fit)]
    [InlineData(Phase.Value)]
    [InlineData(Phase.Rank)]
    [InlineData(Phase.Score)]
    [InlineData(Phase.Publish)]
    [InlineData(Phase.Announce)]
    public async Task Night_WorkerKilledInPhase_FinishesAndEqualsTheUndisturbedNight(Phase phase)
    {
        await using var rig = await NightRig.StartAsync(appFolder: ImpatientHost.Folder);
        // With an earlier night to compare with, so that there are changes to tell.
        var world = new SmallWorld(customers: 120);
        await rig.DeliverAsync(SmallWorld.Before, world.Extract(SmallWorld.Before));
        Assert.Equal(RunState.Published, (await rig.RunAsync(SmallWorld.Before)).State);
        await rig.DeliverAsync(NightRig.Tonight, world.Extract(NightRig.Tonight));
        var undisturbedRun = (await rig.RunAsync(NightRig.Tonight)).Run;
        var undisturbed = await rig.ScoresAsync(undisturbedRun);
        var undisturbedEvents = await rig.EventsAsync(undisturbedRun);
        Assert.NotEmpty(undisturbedEvents);

        var (kills, answered) = (0, new TaskCompletionSource());
        bool OwnWrite(StorageRequest request) => phase switch
        {
            Phase.Plan => request.Has("PUT", "/plan.json"),
            Phase.Ingest => request.Has("PUT", "/segments/"),
            Phase.Summarise => request.Has("PUT", "/clv-history/"),
            Phase.Fit => request.Has("PUT", "/clv-models/") && !request.Has("PUT", "-ranking.json"),
            Phase.Value => request.Has("PUT", "/worth/"),
            Phase.Rank => request.Has("PUT", "-ranking.json"),
            Phase.Announce => request.Has("POST", "/clv-events/messages"),
            Phase.Score => request.Method == "POST" && request.Body.Contains("clvscores", StringComparison.Ordinal),
            _ => request.Body.Contains("PublishedAt", StringComparison.Ordinal),
        };
        rig.Proxy.Before = async request =>
        {
            // The night's own work, and not the start that is still to be answered.
            if (OwnWrite(request) && Interlocked.CompareExchange(ref kills, Killing, 0) == 0)
            {
                await answered.Task;
                await rig.KillWorkerAsync();
                kills = 1;
            }

            return null;
        };
        rig.Proxy.After = async request =>
        {
            if (!request.Marks(phase.ToString().ToLowerInvariant()) || Interlocked.CompareExchange(ref kills, 2, 1) != 1)
            {
                return true;
            }

            await rig.KillWorkerAsync();
            return false;
        };

        var run = await rig.StartRunAsync(NightRig.Tonight);
        answered.SetResult();
        var report = await rig.EndOfAsync(run);

        Assert.Equal(2, kills);
        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal(undisturbed, await rig.ScoresAsync(report.Run));
        Assert.Equal(undisturbedEvents, await rig.EventsAsync(report.Run));
        var told = (await rig.ToldAsync()).Where(message => message.Run == report.Run).Select(static message => message.Id).ToList();
        Assert.Equal(undisturbedEvents.Count, told.Distinct().Count());
    }
}
