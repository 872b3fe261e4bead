using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Clv.Cli.Emulator;
using Microsoft.Extensions.Logging;

namespace Clv.Cli.Host;

/// <summary>One life of a handler: a process, the port it was told to listen on, and its output. It ends by being killed, as in Azure.</summary>
internal sealed class HandlerProcess : IAsyncDisposable
{
    // Long enough for any system to end a killed process; a bound all the same.
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly OutputTail _errors = new();

    private HandlerProcess(Process process, int port, string secret, ILogger logger)
    {
        _process = process;
        Id = process.Id;
        Address = new Uri($"http://127.0.0.1:{port}");

        // A handler that reads its input finds the end of it.
        process.StandardInput.Close();
        Client = new HttpClient(NewTransport()) { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 16 << 20 };
        Client.DefaultRequestHeaders.Add("X-Clv-Host-Secret", secret);
        var output = ReadAsync(process.StandardOutput, logger.HandlerOutput);
        var errors = ReadAsync(process.StandardError, line =>
        {
            _errors.Add(line);
            logger.HandlerError(line);
        });
        Exited = FollowAsync();
        AllRead = Task.WhenAll(output, errors);
    }

    public int Id { get; }

    public Uri Address { get; }

    /// <summary>Speaks to this process only, as the host itself. It has no time limit of its own.</summary>
    public HttpClient Client { get; }

    /// <summary>Completes with the exit code when the process has ended.</summary>
    public Task<int> Exited { get; }

    /// <summary>The last lines on its standard error.</summary>
    public string LastErrors => _errors.ToString();

    private Task AllRead { get; }

    public static HandlerProcess Start(HandlerProgram program, ILogger logger)
    {
        var port = FreePort();
        var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
        return new HandlerProcess(program.Start(port, secret), port, secret, logger);
    }

    /// <summary>Nothing between the host and the handler may change what is said: no proxy, redirects, cookies, decompression or trace headers.</summary>
    public static SocketsHttpHandler NewTransport() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Asks for <c>GET /</c> every 25 ms until there is any answer.</summary>
    /// <returns>Null, or why the process will not answer.</returns>
    public async Task<string?> WaitUntilAnsweringAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        while (true)
        {
            if (Exited.IsCompleted)
            {
                await ReadTheRestAsync();
                return $"it ended with exit code {await Exited} before it answered";
            }

            try
            {
                using var answer = await Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, bound.Token);
                return null;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return Unanswered();
            }

            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25), time, bound.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return Unanswered();
            }
        }

        string Unanswered() => $"it did not answer GET / on the port in FUNCTIONS_CUSTOMHANDLER_PORT within {limit.TotalSeconds} seconds";
    }

    /// <summary>Ends the process at once, without asking.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or AggregateException)
        {
            // It has ended already, or one of its own children has.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited.WaitAsync(KillLimit);
        await ReadTheRestAsync();
        Client.Dispose();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> take)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            take(line);
        }
    }

    private async Task<int> FollowAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    // A grandchild that outlives the process may keep the pipes open for ever.
    private async Task ReadTheRestAsync() => await Task.WhenAny(AllRead, Task.Delay(TimeSpan.FromSeconds(2)));
}
