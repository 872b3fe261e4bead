using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Clv.Cli.Host;
using Microsoft.Extensions.Logging;

namespace Clv.Cli.Tests.Host;

/// <summary>A published app in a folder of its own, whose handler is handler.js, and the storage it uses.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clv-app-");
    private readonly string _connection;
    private readonly string _suffix = Guid.NewGuid().ToString("N")[..8];
    private FunctionsHost? _host;

    public TestApp(string connection)
    {
        _connection = connection;
        Settings["AzureWebJobsStorage"] = connection;
        Settings["WorkQueue"] = QueueName;
        HostJson = JsonNode.Parse(
            """
            {
              "version": "2.0",
              "functionTimeout": "00:01:00",
              "customHandler": {
                "description": { "defaultExecutablePath": "node", "arguments": ["handler.js"] },
                "enableForwardingHttpRequest": true
              },
              "extensions": {
                "http": { "routePrefix": "" },
                "queues": { "batchSize": 4, "newBatchThreshold": 2, "maxDequeueCount": 3, "visibilityTimeout": "00:00:01", "maxPollingInterval": "00:00:01" }
              }
            }
            """)!.AsObject();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Host", "handler.js"), Path.Combine(Folder, "handler.js"));
        AddFunction("RunUnit", """{ "bindings": [{ "type": "queueTrigger", "direction": "in", "name": "unit", "queueName": "%WorkQueue%" }] }""");
    }

    public string Folder => _folder.FullName;

    public string QueueName => "work-" + _suffix;

    public JsonObject HostJson { get; }

    public Dictionary<string, string> Settings { get; } = [];

    public RecordingLogger Log { get; } = new();

    public QueueClient Queue => new(_connection, QueueName, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    public QueueClient PoisonQueue => new(_connection, QueueName + "-poison", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void AddFunction(string name, string functionJson)
    {
        Directory.CreateDirectory(Path.Combine(Folder, name));
        File.WriteAllText(Path.Combine(Folder, name, "function.json"), functionJson);
    }

    public void AddHttp(string name, string route, params string[] methods) => AddFunction(
        name,
        $$"""
        { "bindings": [
          { "type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "function", "route": "{{route}}", "methods": {{JsonSerializer.Serialize(methods)}} },
          { "type": "http", "direction": "out", "name": "res" } ] }
        """);

    public async Task<FunctionsHost> StartAsync(Func<FunctionsHostOptions, FunctionsHostOptions>? change = null)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "host.json"), HostJson.ToJsonString(), Cancelled);
        var options = new FunctionsHostOptions { AppFolder = Folder, Settings = Settings, Logger = Log };
        return _host = await FunctionsHost.StartAsync(change is null ? options : change(options), Cancelled);
    }

    public async Task SendAsync(string message)
    {
        await Queue.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await Queue.SendMessageAsync(message, Cancelled);
    }

    /// <summary>What the handler has been asked so far.</summary>
    public IReadOnlyList<HandlerCall> Calls(string kind = "call")
    {
        var path = Path.Combine(Folder, "calls.jsonl");
        if (!File.Exists(path))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<HandlerCall>(line, JsonSerializerOptions.Web)!)
            .Where(call => call.Kind == kind)];
    }

    public async Task<IReadOnlyList<HandlerCall>> WhenCalledAsync(int times, string kind = "call")
    {
        await WhenAsync(() => Task.FromResult(Calls(kind).Count >= times), $"{times} x {kind}");
        return Calls(kind);
    }

    public async Task WhenQueueIsEmptyAsync() => await WhenAsync(
        async () => (await Queue.GetPropertiesAsync(Cancelled)).Value.ApproximateMessagesCount == 0, "an empty queue");

    public async Task WhenAsync(Func<Task<bool>> condition, string what)
    {
        var limit = TimeSpan.FromMinutes(3);
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < limit, $"{what} did not come. The host said:\n{Log}");
            await Task.Delay(25, Cancelled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}

internal sealed record HandlerCall(string Kind, int Pid, long At, string? Function, string? Method, string? Target, string[]? Headers, string? Body, string? Cwd)
{
    public byte[] Bytes => Convert.FromBase64String(Body!);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public string? Header(string name) => Headers!.Chunk(2).Where(pair => pair[0].Equals(name, StringComparison.OrdinalIgnoreCase)).Select(pair => pair[1]).SingleOrDefault();
}

internal sealed class RecordingLogger : ILogger
{
    private readonly List<(LogLevel Level, string? Event, string Text)> _lines = [];

    public IReadOnlyList<(LogLevel Level, string? Event, string Text)> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add((logLevel, eventId.Name, formatter(state, exception) + (exception is null ? "" : "\n" + exception)));
        }
    }

    public override string ToString() => string.Join('\n', Lines.Select(line => $"{line.Level}: {line.Text}"));
}
