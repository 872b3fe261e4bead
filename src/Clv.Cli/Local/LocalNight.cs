using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Clv.Cli.Host;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace Clv.Cli.Local;

/// <summary>The whole system on this machine: storage, the Functions host with the app's processes, and nights on somebody's files.</summary>
internal sealed class LocalNight : IAsyncDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);

    private readonly LocalStorage _storage;
    private readonly FunctionsHost _host;
    private readonly HttpClient _http;

    private LocalNight(LocalStorage storage, FunctionsHost host, LocalAccess access)
    {
        _storage = storage;
        _host = host;
        _http = new HttpClient { BaseAddress = host.BaseAddress };
        access.Admit(_http);
        Link = access.Link(host.BaseAddress);
    }

    /// <summary>The folder of the app as it is published, beside this program.</summary>
    public static string AppFolder { get; } = Path.Combine(AppContext.BaseDirectory, "app");

    /// <summary>Where the API is.</summary>
    public Uri Address => _host.BaseAddress;

    /// <summary>Where the pages are, with the key that they ask for.</summary>
    public string Link { get; }

    /// <summary>The API, with the key.</summary>
    public HttpClient Api => _http;

    /// <summary>Starts everything.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="workers">Handler processes.</param>
    /// <param name="port">Port of the API; 0 for any.</param>
    /// <param name="open">Whether the API asks for no key.</param>
    /// <param name="progress">Is told what the start waits for.</param>
    /// <param name="log">Takes the host's and the app's messages.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="more">Settings of the app over its own; null for none.</param>
    public static async Task<LocalNight> StartAsync(
        DirectoryInfo data,
        int workers,
        int port,
        bool open,
        IProgress<string> progress,
        ILogger log,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? more = null)
    {
        var storage = await LocalStorage.StartAsync(data, progress, cancellationToken);
        try
        {
            progress.Report("Starting the function app");
            var access = LocalAccess.Of(data, open);
            var settings = new Dictionary<string, string>(storage.Settings, StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in access.Settings.Concat(more ?? new Dictionary<string, string>()))
            {
                settings[name] = value;
            }

            var host = await FunctionsHost.StartAsync(
                new FunctionsHostOptions { AppFolder = AppFolder, Settings = settings, Workers = workers, HttpPort = port, Logger = log },
                cancellationToken);
            return new LocalNight(storage, host, access);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Delivers files as a date's extract folder, in place of what was there. What says that the folder is complete comes last.</summary>
    public async Task DeliverAsync(DirectoryInfo extracts, DateOnly date, CancellationToken cancellationToken)
    {
        if (!extracts.Exists)
        {
            throw new CliException($"There is no folder {extracts.FullName}: give the folder that holds the extracts.");
        }

        var container = new BlobServiceClient(_storage.Settings["AzureWebJobsStorage"]).GetBlobContainerClient(Names.Extracts);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var folder = Names.Folder(date);
        await foreach (var old in container.GetBlobsAsync(new GetBlobsOptions { Prefix = folder }, cancellationToken))
        {
            await container.DeleteBlobIfExistsAsync(old.Name, cancellationToken: cancellationToken);
        }

        foreach (var file in extracts.EnumerateFiles().OrderBy(static f => IsLast(f.Name)).ThenBy(static f => f.Name, StringComparer.Ordinal))
        {
            await using var content = file.OpenRead();
            await container.GetBlobClient(folder + file.Name).UploadAsync(content, overwrite: true, cancellationToken);
        }

        static bool IsLast(string name) => name is ExtractManifest.FileName or ExtractManifest.SuccessFileName;
    }

    /// <summary>Runs a date's night to its end.</summary>
    /// <param name="date">The date of the extract folder.</param>
    /// <param name="progress">Is told how far the run is, several times a second.</param>
    /// <param name="cancellationToken">Stops waiting; the run goes on at the next start.</param>
    public async Task<RunReport> RunAsync(DateOnly date, Action<RunReport> progress, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync("api/runs", new { date, replace = true }, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new CliException($"The night was not started: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }

        var started = await answer.Content.ReadFromJsonAsync<StartedRun>(cancellationToken) ?? throw new JsonException("The start gave no run.");
        return await EndOfAsync(started.Run, progress, cancellationToken);
    }

    /// <summary>Waits for a run's end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="progress">Is told how far the run is, several times a second.</param>
    /// <param name="cancellationToken">Stops waiting; the run goes on at the next start.</param>
    public async Task<RunReport> EndOfAsync(string run, Action<RunReport> progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            var report = await _http.GetFromJsonAsync<RunReport>($"api/runs/{run}", ApiJson.Options, cancellationToken)
                ?? throw new JsonException("A run's report is empty.");
            progress(report);
            if (report.IsEnded)
            {
                return report;
            }

            var wait = Task.Delay(PollEvery, cancellationToken);
            var first = await Task.WhenAny(wait, _host.Completion, _storage.Ended);
            if (first == _host.Completion)
            {
                await _host.Completion;
            }

            if (first == _storage.Ended)
            {
                throw new CliException($"The storage emulator ended while the night ran: {await _storage.Ended}");
            }

            await wait;
        }
    }

    /// <summary>Waits until the host or the emulator ends.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var first = await Task.WhenAny(_host.Completion, _storage.Ended).WaitAsync(cancellationToken);
        if (first == _host.Completion)
        {
            await _host.Completion;
        }

        throw new CliException($"The storage emulator ended: {await _storage.Ended}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        await _storage.DisposeAsync();
    }
}
