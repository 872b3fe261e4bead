namespace Clv.Cli.Tests.Host;

public sealed class StopTests(Storage storage) : IAsyncDisposable
{
    private readonly TestApp _app = new(storage.ConnectionString);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task StopAsync_WhileACallRuns_WaitsForItAndTakesNoOther()
    {
        var host = await _app.StartAsync();
        await _app.SendAsync("""{"do":"slow","ms":1500}""");
        await _app.WhenCalledAsync(1);

        var stopping = host.StopAsync(TimeSpan.FromMinutes(1));
        await _app.SendAsync("""{"do":"ok"}""");
        Assert.True(await stopping);

        Assert.Single(_app.Calls());
        Assert.Single(_app.Calls("end"));
        Assert.Empty(host.WorkerProcessIds);
        // The finished one is gone, the other waits for the next host.
        Assert.Equal("""{"do":"ok"}""", (await _app.Queue.ReceiveMessageAsync(cancellationToken: Cancelled)).Value.Body.ToString());
        Assert.Null((await _app.Queue.ReceiveMessageAsync(cancellationToken: Cancelled)).Value);
    }

    [Fact]
    public async Task StopAsync_BeyondItsLimit_EndsTheCallAndReleasesItsMessage()
    {
        var host = await _app.StartAsync();
        await _app.SendAsync("""{"do":"hang"}""");
        await _app.WhenCalledAsync(1);

        Assert.False(await host.StopAsync(TimeSpan.FromMilliseconds(100)));

        Assert.Empty(host.WorkerProcessIds);
        await _app.WhenAsync(async () => (await _app.Queue.PeekMessageAsync(Cancelled)).Value?.DequeueCount == 1, "the message's release");
    }
}
