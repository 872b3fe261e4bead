using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Azure.Storage.Queues;
using Clv.Functions.Tests.Isolated.Messages;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clv.Functions.Tests.Isolated;

/// <summary>
/// Plays the Functions host for an isolated worker: starts its process, speaks the host's gRPC protocol with it, and forwards HTTP to the
/// port that the worker names, under the id of an invocation.
/// </summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private static readonly TimeSpan Limit = Rig.NightRig.Limit;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _waiting = new();
    private readonly Channel<StreamingMessage> _toWorker = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private readonly string _folder;
    private Process? _worker;

    private WorkerHost(string folder)
    {
        _folder = folder;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(static grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(this);
        _server = builder.Build();
        _server.MapGrpcService<Stream>();
    }

    /// <summary>The worker's app as it is built.</summary>
    public static string AppFolder { get; } = Rig.NightRig.BuiltFolder("Clv.Functions.Isolated");

    /// <summary>What the worker says its functions are, by name.</summary>
    public IReadOnlyDictionary<string, RpcFunctionMetadata> Functions { get; private set; } = new Dictionary<string, RpcFunctionMetadata>();

    /// <summary>What the worker has logged and printed.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Starts a worker, and loads its functions.</summary>
    /// <param name="settings">The app's settings, as environment variables.</param>
    /// <param name="appFolder">The app; null for the one that is built.</param>
    public static async Task<WorkerHost> StartAsync(IReadOnlyDictionary<string, string> settings, string? appFolder = null)
    {
        var host = new WorkerHost(appFolder ?? AppFolder);
        try
        {
            await host._server.StartAsync(TestContext.Current.CancellationToken);
            host.StartWorker(settings);
            await host._started.Task.WaitAsync(Limit);
            await host.LoadAsync();
            return host;
        }
        catch (Exception e)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException($"The worker did not start: {string.Join('\n', host.Lines)}", e);
        }
    }

    /// <summary>Calls a function for a timer.</summary>
    public Task<StatusResult> CallTimerAsync(string function) => CallAsync(
        Guid.NewGuid().ToString(), function, "timer", new TypedData { Json = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""" });

    /// <summary>Calls a function for the text of a message.</summary>
    /// <param name="function">The function.</param>
    /// <param name="text">The message's text.</param>
    /// <param name="id">The message's id; null for one of its own.</param>
    /// <param name="count">Which delivery of the message it is.</param>
    public Task<StatusResult> CallQueueAsync(string function, string text, string? id = null, long count = 1) =>
        CallAsync(
            Guid.NewGuid().ToString(),
            function,
            "unit",
            new TypedData { String = text },
            ("Id", new TypedData { String = id ?? Guid.NewGuid().ToString() }),
            ("DequeueCount", new TypedData { Json = $"{count}" }));

    /// <summary>Forwards a request, whose address is a path, as the host does, to the function whose route it has.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? function = null)
    {
        var path = request.RequestUri!.OriginalString;
        function ??= path.StartsWith("/api/", StringComparison.Ordinal) ? "Api" : "Desk";
        var invocation = Guid.NewGuid().ToString();
        request.RequestUri = new Uri(new Uri(_httpUri), path);
        request.Headers.Host = "clv.example";
        request.Headers.Add("x-ms-invocation-id", invocation);
        var call = CallAsync(invocation, function, "request", new TypedData { Http = new RpcHttp { Method = request.Method.Method } });
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{request.Method} {path} was not answered: {string.Join('\n', Lines.TakeLast(9))}", e);
        }

        var result = await call;
        Assert.True(result?.Status == StatusResult.Types.Status.Success, $"{path}: {(int)answer.StatusCode} {result?.Exception?.Message} {string.Join('\n', Lines.TakeLast(9))}");
        return answer;
    }

    /// <summary>Works through the night's queue as the host does, until a condition holds.</summary>
    public async Task WorkAsync(string storage, Func<Task<bool>> done)
    {
        var queue = new QueueClient(storage, "clv-work", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        var watch = Stopwatch.StartNew();
        while (!await done())
        {
            Assert.True(watch.Elapsed < Limit, string.Join('\n', Lines.TakeLast(20)));
            var messages = (await queue.ReceiveMessagesAsync(4, TimeSpan.FromMinutes(5))).Value;
            await Task.WhenAll(messages.Select(async message =>
            {
                var result = await CallQueueAsync("RunUnit", message.Body.ToString(), message.MessageId, message.DequeueCount);
                Assert.True(result.Status == StatusResult.Types.Status.Success, $"{message.Body}: {result.Exception?.Message}");
                await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
            }));
            if (messages.Length == 0)
            {
                await Task.Delay(50);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is { } worker)
        {
            worker.Kill(entireProcessTree: true);
            await worker.WaitForExitAsync();
            worker.Dispose();
        }

        _toWorker.Writer.TryComplete();
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private string _httpUri = "";

    private void StartWorker(IReadOnlyDictionary<string, string> settings)
    {
        var address = _server.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(_folder, "Clv.Functions.Isolated.dll"), "--functions-uri", address, "--functions-worker-id", Guid.NewGuid().ToString(),
                "--functions-request-id", Guid.NewGuid().ToString(), "--functions-grpc-max-message-length", "2147483647",
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = _folder;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = _folder;
        _worker = Process.Start(start)!;
        _worker.OutputDataReceived += (_, line) => Keep(line.Data);
        _worker.ErrorDataReceived += (_, line) => Keep(line.Data);
        _worker.BeginOutputReadLine();
        _worker.BeginErrorReadLine();
        _worker.EnableRaisingEvents = true;
        _worker.Exited += (_, _) => _started.TrySetException(new InvalidOperationException("The worker ended."));
    }

    private async Task LoadAsync()
    {
        var init = (await AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.1041.0", WorkerDirectory = _folder, FunctionAppDirectory = _folder },
        })).WorkerInitResponse;
        Assert.Equal(StatusResult.Types.Status.Success, init.Result.Status);
        _httpUri = init.Capabilities["HttpUri"];
        var metadata = (await AskAsync(new StreamingMessage
        {
            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = _folder },
        })).FunctionMetadataResponse;
        Assert.False(metadata.UseDefaultMetadataIndexing);
        Functions = metadata.FunctionMetadataResults.ToDictionary(static function => function.Name);
        foreach (var function in Functions.Values)
        {
            var loaded = await AskAsync(new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function },
            });
            Assert.True(loaded.FunctionLoadResponse.Result.Status == StatusResult.Types.Status.Success, loaded.FunctionLoadResponse.Result.Exception?.Message);
        }

        await WhenListeningAsync(new Uri(_httpUri));
    }

    // The worker's HTTP server starts beside its stream.
    private static async Task WhenListeningAsync(Uri address)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(address.Host, address.Port);
                return;
            }
            catch (SocketException) when (watch.Elapsed < Limit)
            {
                await Task.Delay(25);
            }
        }
    }

    private async Task<StatusResult> CallAsync(
        string invocation, string function, string parameter, TypedData data, params (string Name, TypedData Value)[] metadata)
    {
        var request = new InvocationRequest { InvocationId = invocation, FunctionId = Functions[function].FunctionId, TraceContext = new RpcTraceContext() };
        request.InputData.Add(new ParameterBinding { Name = parameter, Data = data });
        foreach (var (name, value) in metadata)
        {
            request.TriggerMetadata.Add(name, value);
        }

        return (await AskAsync(new StreamingMessage { InvocationRequest = request }, invocation)).InvocationResponse.Result;
    }

    private async Task<StreamingMessage> AskAsync(StreamingMessage message, string? invocation = null)
    {
        message.RequestId = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[invocation ?? message.RequestId] = answer;
        await _toWorker.Writer.WriteAsync(message);
        return await answer.Task.WaitAsync(Limit);
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }

    private void Take(StreamingMessage message)
    {
        if (message.ContentCase == StreamingMessage.ContentOneofCase.StartStream)
        {
            _started.TrySetResult();
        }
        else if (message.ContentCase == StreamingMessage.ContentOneofCase.RpcLog)
        {
            Keep($"{message.RpcLog.Category}: {message.RpcLog.Message} {message.RpcLog.Exception?.Message}");
        }
        else if (_waiting.TryRemove(message.InvocationResponse?.InvocationId ?? message.RequestId, out var waiting))
        {
            waiting.SetResult(message);
        }
    }

    /// <summary>The stream that the worker opens.</summary>
    internal sealed class Stream(WorkerHost host) : FunctionRpc.FunctionRpcBase
    {
        public override async Task EventStream(
            IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
        {
            var sending = SendAsync(responseStream, context.CancellationToken);
            await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
            {
                host.Take(message);
            }

            await sending;
        }

        private async Task SendAsync(IServerStreamWriter<StreamingMessage> stream, CancellationToken cancellationToken)
        {
            await foreach (var message in host._toWorker.Reader.ReadAllAsync(cancellationToken))
            {
                await stream.WriteAsync(message, cancellationToken);
            }
        }
    }
}
