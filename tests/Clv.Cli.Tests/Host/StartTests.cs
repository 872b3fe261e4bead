using System.Text.Json.Nodes;
using Clv.Cli.Host;

namespace Clv.Cli.Tests.Host;

public sealed class StartTests(Storage storage) : IAsyncDisposable
{
    private readonly TestApp _app = new(storage.ConnectionString);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task StartAsync_WithAProgramThatDies_CarriesItsLastWords()
    {
        _app.Settings["HANDLER_CRASHES_AT_START"] = "1";
        var exception = await FailAsync();
        Assert.Contains("3 times in a row", exception.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no licence for the flux capacitor", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_WithAProgramThatIsMissing_NamesItAndHostJson()
    {
        Description["defaultExecutablePath"] = "no-such-handler";
        var exception = await FailAsync();
        Assert.Contains("no-such-handler", exception.Message, StringComparison.Ordinal);
        Assert.Contains("host.json", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_WithAProgramThatNeverAnswers_SaysAtWhichPort()
    {
        Description["arguments"] = new JsonArray("-e", "setInterval(() => {}, 1000)");
        var exception = await Assert.ThrowsAsync<FunctionsHostException>(() => _app.StartAsync(options => options with { HandlerStartLimit = TimeSpan.FromMilliseconds(300) }));
        Assert.Contains("FUNCTIONS_CUSTOMHANDLER_PORT", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_WithAProgramThatLeavesAtOnce_DoesNotWaitForEver()
    {
        Description["arguments"] = new JsonArray("-e", "0");
        var exception = await FailAsync();
        Assert.Contains("exit code 0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_WithAProgramInTheAppFolder_TakesThatOne()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        var script = Path.Combine(_app.Folder, "bin", "handler");
        Directory.CreateDirectory(Path.GetDirectoryName(script)!);
        await File.WriteAllTextAsync(script, "#!/bin/sh\nexec node ../handler.js\n", Cancelled);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        Description["defaultExecutablePath"] = "bin/handler";
        Description["arguments"] = new JsonArray();
        Description["workingDirectory"] = "bin";
        await _app.StartAsync();
        await _app.SendAsync("{}");
        Assert.Equal(Path.Combine(_app.Folder, "bin"), Assert.Single(await _app.WhenCalledAsync(1)).Cwd);
    }

    [Fact]
    public async Task Completion_WhenTheHandlerCannotBeRestarted_CarriesTheError()
    {
        var host = await _app.StartAsync(options => options with { Workers = 2 });
        await File.WriteAllTextAsync(Path.Combine(_app.Folder, "handler.js"), "console.error('gone bad'); process.exit(9)", Cancelled);
        await _app.SendAsync("""{"do":"crash"}""");
        var exception = await Assert.ThrowsAsync<FunctionsHostException>(() => host.Completion.WaitAsync(TimeSpan.FromMinutes(3), Cancelled));
        Assert.Contains("gone bad", exception.Message, StringComparison.Ordinal);
        Assert.Empty(host.WorkerProcessIds);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Completion_WhenTheOnlyHandlerLeaves_IsReached()
    {
        _app.AddFunction("StartNight", """{ "bindings": [{ "type": "timerTrigger", "name": "t", "schedule": "0 0 2 * * *" }] }""");
        var host = await _app.StartAsync();
        await _app.SendAsync("""{"do":"leave"}""");
        await host.Completion.WaitAsync(TimeSpan.FromMinutes(3), Cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.TriggerTimerAsync("StartNight", Cancelled));
    }

    [Fact]
    public async Task StartAsync_WithoutHostJson_SaysWhereItLooked()
    {
        var exception = await Assert.ThrowsAsync<FunctionsHostException>(() => FunctionsHost.StartAsync(new FunctionsHostOptions { AppFolder = _app.Folder }, Cancelled));
        Assert.Contains(Path.Combine(_app.Folder, "host.json"), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "customHandler": """, "not valid JSON")]
    [InlineData("""[]""", "not a JSON object")]
    [InlineData("""{}""", "customHandler.description.defaultExecutablePath")]
    [InlineData("""{ "customHandler": { "description": { "defaultExecutablePath": 7 } } }""", "defaultExecutablePath")]
    [InlineData("""{ "customHandler": { "description": { "defaultExecutablePath": "x", "arguments": "y" } } }""", "arguments")]
    [InlineData("""{ "customHandler": { "description": { "defaultExecutablePath": "x" } }, "functionTimeout": "soon" }""", "functionTimeout")]
    [InlineData("""{ "customHandler": { "description": { "defaultExecutablePath": "x" } }, "functionTimeout": "00:00:00" }""", "functionTimeout")]
    [InlineData("""{ "customHandler": { "description": { "defaultExecutablePath": "x" } }, "extensions": { "queues": { "batchSize": 33 } } }""", "extensions.queues.batchSize")]
    [InlineData("""{ "customHandler": { "description": { "defaultExecutablePath": "x" } }, "extensions": { "queues": { "messageEncoding": "rot13" } } }""", "messageEncoding")]
    public async Task StartAsync_WithABadHostJson_NamesTheFileAndTheKey(string hostJson, string reason)
    {
        var path = Path.Combine(_app.Folder, "host.json");
        await File.WriteAllTextAsync(path, hostJson, Cancelled);
        var exception = await Assert.ThrowsAsync<FunctionsHostException>(() => FunctionsHost.StartAsync(new FunctionsHostOptions { AppFolder = _app.Folder }, Cancelled));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "bindings": [""", "not valid JSON")]
    [InlineData("""{ "bindings": [] }""", "0 triggers")]
    [InlineData("""{ "bindings": [{ "type": "blobTrigger", "name": "b" }] }""", "blobTrigger")]
    [InlineData("""{ "bindings": [{ "type": "queueTrigger", "name": "q" }] }""", "queueName")]
    [InlineData("""{ "bindings": [{ "type": "queueTrigger", "name": "q", "queueName": "x", "connection": "Elsewhere" }] }""", "Elsewhere")]
    [InlineData("""{ "bindings": [{ "type": "queueTrigger", "name": "q", "queueName": "x", "connection": "WorkQueue" }] }""", "WorkQueue")]
    [InlineData("""{ "bindings": [{ "type": "timerTrigger", "name": "t", "schedule": "at dawn" }] }""", "at dawn")]
    [InlineData("""{ "bindings": [{ "type": "timerTrigger", "name": "t", "schedule": "%No:Such%" }] }""", "No__Such")]
    [InlineData("""{ "bindings": [{ "type": "httpTrigger", "name": "h" }] }""", "output binding")]
    [InlineData("""{ "bindings": [{ "type": "httpTrigger", "name": "h", "route": "{a" }, { "type": "http", "name": "r" }] }""", "{a")]
    [InlineData("""{ "bindings": [{ "type": "httpTrigger", "name": "h", "authLevel": "friend" }, { "type": "http", "name": "r" }] }""", "friend")]
    public async Task StartAsync_WithABadFunctionJson_NamesTheFileAndTheReason(string functionJson, string reason)
    {
        _app.AddFunction("Odd", functionJson);
        var exception = await FailAsync();
        Assert.Contains(Path.Combine(_app.Folder, "Odd", "function.json"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Queue_OfAnIdentity_IsThatOfTheAccountsName()
    {
        _app.AddFunction("Odd", """{ "bindings": [{ "type": "queueTrigger", "direction": "in", "name": "q", "queueName": "clv-work", "connection": "AzureWebJobsStorage" }] }""");
        var settings = new AppSettings(new Dictionary<string, string> { ["AzureWebJobsStorage__accountName"] = "clvprod", ["AzureWebJobsStorage__credential"] = "managedidentity" });

        var file = JsonFile.Read(Path.Combine(_app.Folder, "Odd", "function.json"));
        var trigger = QueueTrigger.Read(file.At(file.Elements("bindings").Single()), settings);

        Assert.Equal("https://clvprod.queue.core.windows.net/clv-work", trigger.Queue.Uri.AbsoluteUri);
        Assert.Equal("https://clvprod.queue.core.windows.net/clv-work-poison", trigger.PoisonQueue!.Uri.AbsoluteUri);
    }

    [Fact]
    public async Task StartAsync_WithTwoFunctionsOnOneRoute_NamesBoth()
    {
        _app.AddHttp("One", "same", "get", "post");
        _app.AddHttp("Two", "Same", "post");
        var exception = await FailAsync();
        Assert.Contains(Path.Combine("One", "function.json"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("Two", "function.json"), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_WithADisabledFunction_LeavesItOut()
    {
        _app.AddFunction("Odd", """{ "disabled": true, "bindings": [] }""");
        _app.AddFunction("Off", """{ "bindings": [{ "type": "timerTrigger", "name": "t", "schedule": "* * * * * *" }] }""");
        _app.Settings["AzureWebJobs.Off.Disabled"] = "true";
        var host = await _app.StartAsync();
        Assert.Empty(host.TimerFunctions);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(65, 0)]
    [InlineData(1, -1)]
    [InlineData(1, 65536)]
    public async Task StartAsync_WithOptionsOutOfRange_SaysSo(int workers, int port) =>
        await Assert.ThrowsAsync<FunctionsHostException>(() => _app.StartAsync(options => options with { Workers = workers, HttpPort = port }));

    private JsonNode Description => _app.HostJson["customHandler"]!["description"]!;

    private Task<FunctionsHostException> FailAsync() => Assert.ThrowsAsync<FunctionsHostException>(() => _app.StartAsync());
}
