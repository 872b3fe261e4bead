using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Storage.Queues;
using Microsoft.Extensions.Logging;

namespace Clv.Cli.Tests.Host;

public sealed partial class QueueTests(Storage storage) : IAsyncDisposable
{
    private readonly TestApp _app = new(storage.ConnectionString);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Message_ThatSucceeds_ArrivesInTheContractsShapeAndIsDeleted()
    {
        const string message = """{"run":"r1","phase":"ingest","unit":7,"id":"mine","where":{"a":[1, 2]},"name":"Jürgen \"🦊\" <b>"}""";
        var host = await _app.StartAsync();
        await _app.SendAsync(message);

        var call = Assert.Single(await _app.WhenCalledAsync(1));
        await _app.WhenQueueIsEmptyAsync();
        Assert.Equal("POST", call.Method);
        Assert.Equal("/RunUnit", call.Target);
        Assert.Equal("application/json; charset=utf-8", call.Header("Content-Type"));
        Assert.Equal("chunked", call.Header("Transfer-Encoding"));
        Assert.Null(call.Header("Content-Length"));
        Assert.True(Guid.TryParse(call.Header("X-Azure-Functions-InvocationId"), out _));
        Assert.StartsWith("4.", call.Header("X-Azure-Functions-HostVersion"), StringComparison.Ordinal);
        Assert.Equal(_app.Folder, call.Cwd);
        Assert.Equal(host.WorkerProcessIds, [call.Pid]);

        var body = call.Json;
        Assert.Equal(["Data", "Metadata"], body.EnumerateObject().Select(property => property.Name));
        Assert.Equal(message, JsonSerializer.Deserialize<string>(Assert.Single(body.GetProperty("Data").EnumerateObject()).Value.GetString()!));
        var metadata = body.GetProperty("Metadata");
        Assert.Equal("1", metadata.GetProperty("DequeueCount").GetString());
        Assert.False(string.IsNullOrEmpty(JsonSerializer.Deserialize<string>(metadata.GetProperty("PopReceipt").GetString()!)));
        foreach (var moment in new[] { "InsertionTime", "ExpirationTime", "NextVisibleTime" })
        {
            Assert.True(DateTimeOffset.TryParse(metadata.GetProperty(moment).GetString(), CultureInfo.InvariantCulture, out _));
        }

        // The message's own properties, which shadow the host's of the same name.
        Assert.Equal("\"r1\"", metadata.GetProperty("run").GetString());
        Assert.Equal("7", metadata.GetProperty("unit").GetString());
        Assert.Equal("""{"a":[1, 2]}""", metadata.GetProperty("where").GetString());
        Assert.Equal("\"mine\"", metadata.GetProperty("id").GetString());
        Assert.False(metadata.TryGetProperty("Id", out _));
        var sys = metadata.GetProperty("sys");
        Assert.Equal("RunUnit", sys.GetProperty("MethodName").GetString());
        Assert.True(sys.TryGetProperty("UtcNow", out _));
        Assert.True(Guid.TryParse(sys.GetProperty("RandGuid").GetString(), out _));
    }

    [Fact]
    public async Task Message_OfPlainText_IsPassedOnAsAString()
    {
        await _app.StartAsync();
        await _app.SendAsync("just text");
        var call = Assert.Single(await _app.WhenCalledAsync(1));
        Assert.Equal("\"just text\"", call.Json.GetProperty("Data").GetProperty("unit").GetString());
        Assert.False(string.IsNullOrEmpty(JsonSerializer.Deserialize<string>(call.Json.GetProperty("Metadata").GetProperty("Id").GetString()!)));
    }

    [Fact]
    public async Task Message_WithoutEncoding_IsReadAsItIs()
    {
        _app.HostJson["extensions"]!["queues"]!["messageEncoding"] = "none";
        await _app.StartAsync();
        var plain = new QueueClient(storage.ConnectionString, _app.QueueName);
        await plain.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await plain.SendMessageAsync("""{"plain":true}""", Cancelled);
        var call = Assert.Single(await _app.WhenCalledAsync(1));
        Assert.Equal("""{"plain":true}""", JsonSerializer.Deserialize<string>(call.Json.GetProperty("Data").GetProperty("unit").GetString()!));
    }

    [Fact]
    public async Task Message_ThatIsNotBase64_GoesToThePoisonQueueUncalled()
    {
        await _app.StartAsync();
        var plain = new QueueClient(storage.ConnectionString, _app.QueueName);
        await plain.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await plain.SendMessageAsync("?? no base64 ??", Cancelled);
        var poison = new QueueClient(storage.ConnectionString, _app.QueueName + "-poison");
        await _app.WhenAsync(async () => await poison.ExistsAsync(Cancelled) && (await poison.PeekMessageAsync(Cancelled)).Value is not null, "a poison message");
        Assert.Equal("?? no base64 ??", (await poison.PeekMessageAsync(Cancelled)).Value.MessageText);
        await _app.WhenQueueIsEmptyAsync();
        Assert.Empty(_app.Calls());
    }

    [Fact]
    public async Task Message_ThatFailsTwice_IsTriedAgainAfterTheVisibilityTimeoutAndSucceeds()
    {
        await _app.StartAsync();
        await _app.SendAsync("""{"do":"fail","times":2}""");
        var calls = await _app.WhenCalledAsync(3);
        await _app.WhenQueueIsEmptyAsync();
        Assert.Equal(["1", "2", "3"], calls.Select(call => call.Json.GetProperty("Metadata").GetProperty("DequeueCount").GetString()));
        Assert.True(calls[1].At - calls[0].At >= 900, "The second try came before the visibility timeout.");
        Assert.False(await _app.PoisonQueue.ExistsAsync(Cancelled));
    }

    [Fact]
    public async Task Message_ThatAlwaysFails_GoesToThePoisonQueueAtItsLastDelivery()
    {
        const string message = """{"do":"fail","times":99}""";
        await _app.StartAsync();
        await _app.SendAsync(message);
        await _app.WhenCalledAsync(3);
        await _app.WhenQueueIsEmptyAsync();
        Assert.Equal(message, (await _app.PoisonQueue.PeekMessageAsync(Cancelled)).Value.MessageText);
        Assert.Equal(3, _app.Calls().Count);
        Assert.Contains(_app.Log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("answered 500", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PoisonQueueFunction_GetsThePoisonMessage()
    {
        _app.AddFunction("FailUnit", """{ "bindings": [{ "type": "queueTrigger", "direction": "in", "name": "failed", "queueName": "%WorkQueue%-poison" }] }""");
        _app.HostJson["extensions"]!["queues"]!["maxDequeueCount"] = 1;
        await _app.StartAsync();
        await _app.SendAsync("""{"do":"text"}""");
        var calls = await _app.WhenCalledAsync(2);
        Assert.Equal(["RunUnit", "FailUnit"], calls.Select(call => call.Function));
    }

    [Theory]
    [InlineData("text", "content type")]
    [InlineData("broken", "not valid JSON")]
    public async Task Answer_ThatIsNotJson_IsAFailure(string behaviour, string reason)
    {
        await _app.StartAsync();
        await _app.SendAsync($$"""{"do":"{{behaviour}}"}""");
        await _app.WhenCalledAsync(2);
        Assert.Contains(_app.Log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Process_ThatIsKilledDuringACall_IsRestartedAndTheMessageRedelivered()
    {
        var host = await _app.StartAsync();
        var before = Assert.Single(host.WorkerProcessIds);
        await _app.SendAsync("""{"do":"hang"}""");
        await _app.WhenCalledAsync(1);
        using (var process = Process.GetProcessById(before))
        {
            process.Kill();
        }

        var calls = await _app.WhenCalledAsync(2);
        await _app.WhenQueueIsEmptyAsync();
        Assert.Equal(before, calls[0].Pid);
        Assert.NotEqual(before, calls[1].Pid);
        Assert.Equal("2", calls[1].Json.GetProperty("Metadata").GetProperty("DequeueCount").GetString());
    }

    [Fact]
    public async Task Process_ThatCrashesInACall_IsRestartedAndTheMessageRedelivered()
    {
        await _app.StartAsync();
        await _app.SendAsync("""{"do":"crash"}""");
        var calls = await _app.WhenCalledAsync(2);
        await _app.WhenQueueIsEmptyAsync();
        Assert.NotEqual(calls[0].Pid, calls[1].Pid);
    }

    [Fact]
    public async Task Process_ThatLeavesByItself_IsNotRestartedAndLeavesTheRestToTheOthers()
    {
        var host = await _app.StartAsync(options => options with { Workers = 2 });
        await _app.SendAsync("""{"do":"leave"}""");
        var calls = await _app.WhenCalledAsync(2);
        await _app.WhenQueueIsEmptyAsync();
        Assert.NotEqual(calls[0].Pid, calls[1].Pid);
        Assert.Equal(host.WorkerProcessIds, [calls[1].Pid]);
        await _app.SendAsync("{}");
        Assert.Equal(calls[1].Pid, (await _app.WhenCalledAsync(3))[2].Pid);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("hang")]
    public async Task Call_ThatNeverCompletes_IsKilledAtTheFunctionTimeout(string behaviour)
    {
        _app.HostJson["functionTimeout"] = "00:00:02";
        await _app.StartAsync();
        await _app.SendAsync($$"""{"do":"{{behaviour}}"}""");
        var calls = await _app.WhenCalledAsync(2);
        await _app.WhenQueueIsEmptyAsync();
        Assert.NotEqual(calls[0].Pid, calls[1].Pid);
        // By the host's own clock: when a call gets to the handler is the machine's affair.
        var ended = _app.Log.Lines.First(static line => line.Level == LogLevel.Error && line.Text.Contains("functionTimeout", StringComparison.Ordinal)).Text;
        Assert.InRange(int.Parse(Milliseconds().Match(ended).Groups["after"].Value, CultureInfo.InvariantCulture), 1900, int.MaxValue);
    }

    [Fact]
    public async Task Call_LongerThanTheLease_KeepsItsMessageHidden()
    {
        // Renewed at half of it: the other half is for a machine that is busy.
        await _app.StartAsync(options => options with { MessageLease = TimeSpan.FromSeconds(5) });
        await _app.SendAsync("""{"do":"slow","ms":11000}""");
        await _app.WhenCalledAsync(1, "end");
        await _app.WhenQueueIsEmptyAsync();
        Assert.Single(_app.Calls());
    }

    [Fact]
    public async Task Messages_WithTwoWorkers_AreSharedWithinTheLimitOfEach()
    {
        // There before anybody looks, and more of them than one worker gets through before the other looks too.
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => _app.SendAsync("""{"do":"slow","ms":700}""")));
        var host = await _app.StartAsync(options => options with { Workers = 2 });
        Assert.Equal(2, host.WorkerProcessIds.Distinct().Count());
        await _app.WhenCalledAsync(30, "end");
        await _app.WhenQueueIsEmptyAsync();

        var steps = _app.Calls().Concat(_app.Calls("end")).GroupBy(step => step.Pid).ToList();
        Assert.Equal(host.WorkerProcessIds.Order(), steps.Select(process => process.Key).Order());
        foreach (var process in steps)
        {
            // batchSize 4 and newBatchThreshold 2: six at once.
            var running = 0;
            var most = process.OrderBy(step => step.At).ThenBy(step => step.Kind == "end" ? 0 : 1).Max(step => running += step.Kind == "end" ? -1 : 1);
            Assert.InRange(most, 2, 6);
        }
    }

    [Fact]
    public async Task DisposeAsync_DuringACall_ReleasesTheMessageAndKillsTheProcess()
    {
        var host = await _app.StartAsync();
        var id = Assert.Single(host.WorkerProcessIds);
        await _app.SendAsync("""{"do":"hang"}""");
        await _app.WhenCalledAsync(1);
        using var process = Process.GetProcessById(id);
        await host.DisposeAsync();
        Assert.True(process.HasExited);
        await host.Completion;

        // Visible again after the visibility timeout and not only after the lease of ten minutes.
        await _app.WhenAsync(async () => (await _app.Queue.PeekMessageAsync(Cancelled)).Value is not null, "the released message");
    }

    [Fact]
    public async Task Output_OfTheHandler_IsLoggedByItsStream()
    {
        await _app.StartAsync();
        await _app.SendAsync("{}");
        await _app.WhenQueueIsEmptyAsync();
        await _app.WhenCalledAsync(1);
        await _app.WhenAsync(() => Task.FromResult(_app.Log.Lines.Any(line => line.Text == "a line in the answer")), "the answer's log");
        await _app.WhenAsync(() => Task.FromResult(_app.Log.Lines.Any(line => line.Event == "HandlerError")), "the standard error");
        Assert.Contains((LogLevel.Information, "HandlerOutput", "called /RunUnit"), _app.Log.Lines);
        Assert.Contains((LogLevel.Error, "HandlerError", "a complaint about /RunUnit"), _app.Log.Lines);
        Assert.Contains((LogLevel.Information, "HandlerOutput", "a line in the answer"), _app.Log.Lines);
    }

    [Fact]
    public async Task Queue_ThatIsDeletedWhileServed_IsCreatedAgain()
    {
        await _app.StartAsync();
        await _app.WhenAsync(async () => await _app.Queue.ExistsAsync(Cancelled), "the queue");
        await _app.Queue.DeleteAsync(Cancelled);
        await _app.WhenAsync(async () => await _app.Queue.ExistsAsync(Cancelled), "the queue again");
        await _app.SendAsync("{}");
        await _app.WhenCalledAsync(1);
    }

    [GeneratedRegex("failed after (?<after>[0-9]+) ms", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Milliseconds();
}
