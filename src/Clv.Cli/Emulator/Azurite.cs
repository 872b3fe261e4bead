using System.Diagnostics;

namespace Clv.Cli.Emulator;

/// <summary>
/// A running storage emulator (Azurite): blobs, queues and tables on loopback ports, over a folder or in memory.
/// Processes that start one over the same folder share it; only the one that really started it stops it.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    /// <summary>The version that is run, installed through npx on the first start on a machine.</summary>
    public const string Version = AzuriteProgram.Version;

    private readonly AzuriteEndpoints _endpoints;
    private readonly AzuriteProcess? _own;
    private readonly CancellationTokenSource _detached = new();
    private readonly string? _folder;
    private int _disposed;

    private Azurite(AzuriteEndpoints endpoints, AzuriteProcess own, string? folder)
    {
        _endpoints = endpoints;
        _own = own;
        _folder = folder;
        ProcessId = own.Id;
        Exited = own.Exited;
    }

    private Azurite(AzuriteEndpoints endpoints, Process foreign)
    {
        _endpoints = endpoints;
        ProcessId = foreign.Id;
        Exited = FollowAsync(foreign, _detached.Token);
    }

    /// <summary>The full connection string for blobs, queues and tables, for the emulator's well-known development account.</summary>
    public string ConnectionString => _endpoints.ConnectionString;

    /// <summary>The port of the blob service.</summary>
    public int BlobPort => _endpoints.Blob;

    /// <summary>The port of the queue service.</summary>
    public int QueuePort => _endpoints.Queue;

    /// <summary>The port of the table service.</summary>
    public int TablePort => _endpoints.Table;

    /// <summary>The process number of the emulator.</summary>
    public int ProcessId { get; }

    /// <summary>Whether an emulator that another process started is used; it then goes on running after this is disposed.</summary>
    public bool IsAttached => _own is null;

    /// <summary>
    /// Completes when the emulator has ended, with the last lines it wrote (none are known of one that is only attached to).
    /// It completes after a disposal as well.
    /// </summary>
    public Task<string> Exited { get; }

    /// <summary>Whether the emulator has ended.</summary>
    public bool HasExited => Exited.IsCompleted;

    /// <summary>Starts the emulator, or attaches to the one that already runs over the same folder, and waits until it answers.</summary>
    /// <exception cref="EmulatorException">
    /// Node is missing, the installation fails, a port is taken, the folder cannot be written, or an option makes no sense.
    /// </exception>
    public static async Task<Azurite> StartAsync(AzuriteOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (options.InMemory)
        {
            return await StartOwnAsync(options, folder: null, cancellationToken);
        }

        var folder = Path.GetFullPath(options.Folder!);
        try
        {
            Directory.CreateDirectory(folder);

            // Azurite itself retries for ever on a folder it cannot write, so that is found out first.
            using var held = await FileLock.AcquireAsync(Path.Combine(folder, "azurite.lock"), cancellationToken);
            return await AttachAsync(folder, options.Progress, cancellationToken) ?? await StartOwnAsync(options, folder, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EmulatorException(
                $"The storage emulator's folder {folder} cannot be written ({exception.Message}). " +
                "Free disk space, correct its permissions, or choose another folder.",
                exception);
        }
    }

    /// <summary>Stops the emulator gracefully, so that its data is saved; leaves one that is only attached to running.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_own is null)
        {
            await _detached.CancelAsync();
            _detached.Dispose();
            return;
        }

        await _own.StopAsync();
        if (_folder is not null && await AzuriteRecord.ReadAsync(_folder, CancellationToken.None) is { } record && record.Process.Id == ProcessId)
        {
            AzuriteRecord.Delete(_folder);
        }
    }

    private static async Task<Azurite> StartOwnAsync(AzuriteOptions options, string? folder, CancellationToken cancellationToken)
    {
        var script = await AzuriteProgram.ResolveAsync(options.Progress, cancellationToken);
        var process = AzuriteProcess.Start(script, options, folder);
        try
        {
            var endpoints = await process.WaitUntilReadyAsync(options.StartTimeout, cancellationToken);
            if (folder is not null)
            {
                var record = new AzuriteRecord
                {
                    Process = ProcessMark.Of(process.Id),
                    Owner = ProcessMark.Of(Environment.ProcessId),
                    BlobPort = endpoints.Blob,
                    QueuePort = endpoints.Queue,
                    TablePort = endpoints.Table,
                    Version = Version,
                };
                await record.WriteAsync(folder, cancellationToken);
            }

            return new Azurite(endpoints, process, folder);
        }
        catch
        {
            await process.StopAsync();
            throw;
        }
    }

    private static async Task<Azurite?> AttachAsync(string folder, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (await AzuriteRecord.ReadAsync(folder, cancellationToken) is not { } record || record.Process.Find() is not { } process)
        {
            return null;
        }

        if (record.Owner.IsRunning() && await record.Endpoints.AnswerAsync(cancellationToken))
        {
            return new Azurite(record.Endpoints, process);
        }

        // It is being stopped, or its owner died: it is saving and about to end. A second one over the same files would lose what it saves.
        progress?.Report("Waiting for the storage emulator of an earlier run to save its data...");
        using (process)
        using (var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            bound.CancelAfter(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(bound.Token);
                return null;
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new EmulatorException(
                    $"The storage emulator of an earlier run over {folder} (process {record.Process.Id}) does not stop. End it, then run again.",
                    exception);
            }
        }
    }

    private static async Task<string> FollowAsync(Process process, CancellationToken detached)
    {
        using (process)
        {
            try
            {
                await process.WaitForExitAsync(detached);
            }
            catch (OperationCanceledException)
            {
                // Disposed, so its end is of no interest any more.
            }
        }

        return "";
    }
}
