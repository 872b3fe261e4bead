using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Clv.Cli.Emulator;
using Clv.Cli.Host;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Clv.Functions.Tests.Rig;

/// <summary>The whole system for one test: an emulator of its own in memory, a proxy in front of it, and the app's processes under the host.</summary>
public sealed class NightRig : IAsyncDisposable
{
    public static readonly DateOnly Tonight = new(2026, 11, 20);

    public const int Partitions = 4;

    public const string HashKey = "a key for tests alone, long enough to be one";

    /// <summary>Settings under which no run is held.</summary>
    public static readonly IReadOnlyDictionary<string, string> OpenGate = new Dictionary<string, string>
    {
        ["Clv__MinimumCustomerShare"] = "0",
        ["Clv__MaximumCustomerShare"] = "1E9",
        ["Clv__MaximumGoneShare"] = "1",
        ["Clv__MaximumValueChange"] = "1E9",
        ["Clv__MaximumQuarantineShare"] = "1",
        ["Clv__MaximumErasedShare"] = "1",
    };

    private static readonly int HoursToNoon = 12 - TimeProvider.System.GetUtcNow().Hour;

    /// <summary>Today where it is noon: there it stays today while the tests run.</summary>
    public static readonly DateOnly Today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(HoursToNoon).DateTime);

    /// <summary>Settings of an app there, whose timer takes <see cref="Today"/> for tonight.</summary>
    public static readonly IReadOnlyDictionary<string, string> AtNoon = new Dictionary<string, string>
    {
        ["Clv__TimeZone"] = string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{-HoursToNoon:+0;-0;+0}"),
    };

    /// <summary>How long anything is waited for before a test fails: far beyond what a slow machine takes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly JsonSerializerOptions Json = NightJson.Options;

    private readonly Azurite _azurite;
    private FunctionsHostOptions _options;
    private HttpClient _http;

    private NightRig(Azurite azurite, StorageProxy proxy, FunctionsHostOptions options, FunctionsHost host)
    {
        _azurite = azurite;
        _options = options;
        Proxy = proxy;
        Host = host;
        _http = new HttpClient { BaseAddress = host.BaseAddress };
        Blobs = new BlobServiceClient(azurite.ConnectionString);
        Tables = new TableServiceClient(azurite.ConnectionString);
    }

    /// <summary>The app's own output folder, laid out as it is published.</summary>
    public static string AppFolder { get; } = BuiltFolder("Clv.Functions");

    /// <summary>The output folder of a project, built as these tests are.</summary>
    public static string BuiltFolder(string project) => Path.Combine(
        Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!, project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')));

    public StorageProxy Proxy { get; }

    public FunctionsHost Host { get; private set; }

    public HttpClient Api => _http;

    public BlobServiceClient Blobs { get; }

    public TableServiceClient Tables { get; }

    public string Storage => _azurite.ConnectionString;

    public int EmulatorProcess => _azurite.ProcessId;

    /// <param name="workers">How many processes the app has.</param>
    /// <param name="appFolder">Another folder of the app than <see cref="AppFolder"/>.</param>
    /// <param name="settings">Settings of the app over the rig's own.</param>
    /// <param name="log">Takes what the host and the app's processes say.</param>
    /// <param name="storageFolder">Where the emulator keeps its data; in memory when null.</param>
    /// <param name="lease">How long a message is hidden while its call runs; null for the host's own.</param>
    public static async Task<NightRig> StartAsync(
        int workers = 1,
        string? appFolder = null,
        IReadOnlyDictionary<string, string>? settings = null,
        ILogger? log = null,
        string? storageFolder = null,
        TimeSpan? lease = null)
    {
        var azurite = await Azurite.StartAsync(
            new AzuriteOptions { InMemory = storageFolder is null, Folder = storageFolder }, TestContext.Current.CancellationToken);
        var proxy = await StorageProxy.StartAsync(azurite);
        var options = Options(proxy, appFolder ?? AppFolder, workers, settings ?? new Dictionary<string, string>(), log);
        options = lease is { } hidden ? options with { MessageLease = hidden } : options;
        return new NightRig(azurite, proxy, options, await FunctionsHost.StartAsync(options, TestContext.Current.CancellationToken));
    }

    /// <summary>Starts the app again on the same storage, with another number of partitions.</summary>
    public Task RestartAsync(int partitions) => RestartAsync(
        Options(Proxy, AppFolder, workers: 1, new Dictionary<string, string> { ["Clv__Partitions"] = partitions.ToString(CultureInfo.InvariantCulture) }, log: null));

    /// <summary>Starts another app on the same storage, with everything else as it was.</summary>
    public Task RestartAsync(string appFolder) => RestartAsync(_options with { AppFolder = appFolder });

    private async Task RestartAsync(FunctionsHostOptions options)
    {
        await Host.DisposeAsync();
        _options = options;
        Host = await FunctionsHost.StartAsync(options, TestContext.Current.CancellationToken);
        _http.Dispose();
        _http = new HttpClient { BaseAddress = Host.BaseAddress };
    }

    private static FunctionsHostOptions Options(
        StorageProxy proxy, string appFolder, int workers, IReadOnlyDictionary<string, string> settings, ILogger? log)
    {
        var all = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = proxy.ConnectionString,
            ["Clv__HashKey"] = HashKey,
            ["Clv__Schedule"] = "0 0 2 1 1 *",
            ["Clv__WatchSchedule"] = "0 0 2 1 1 *",
            ["Clv__RequestsPerMinute"] = "0",
            ["Clv__Partitions"] = Partitions.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new FunctionsHostOptions { AppFolder = appFolder, Settings = all, Workers = workers, Logger = log ?? NullLogger.Instance };
    }

    /// <summary>Delivers a folder: file names and contents, and the manifest unless <paramref name="kind"/> is null.</summary>
    public async Task DeliverAsync(DateOnly date, IReadOnlyDictionary<string, string> files, string? kind = "snapshot")
    {
        var container = Blobs.GetBlobContainerClient(Names.Extracts);
        await container.CreateIfNotExistsAsync();
        await foreach (var old in container.GetBlobsAsync(new GetBlobsOptions { Prefix = Names.Folder(date) }))
        {
            await container.DeleteBlobAsync(old.Name);
        }

        foreach (var (name, content) in files)
        {
            await container.GetBlobClient(Names.Folder(date) + name).UploadAsync(BinaryData.FromString(content), overwrite: true);
        }

        if (kind is not null)
        {
            var manifest = JsonSerializer.Serialize(new { kind, files = files.Keys.Where(static n => n != "mapping.json") });
            await container.GetBlobClient(Names.Folder(date) + ExtractManifest.FileName).UploadAsync(BinaryData.FromString(manifest), overwrite: true);
        }
    }

    /// <summary>Runs a date's night to its end.</summary>
    public async Task<RunReport> RunAsync(DateOnly date) => await EndOfAsync(await StartRunAsync(date));

    /// <summary>Starts a date's night, and gives its run.</summary>
    public async Task<string> StartRunAsync(DateOnly date)
    {
        using var answer = await _http.PostAsJsonAsync("api/runs", new { date });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<StartedRun>())!.Run;
    }

    /// <summary>From now on sends each message of work a second time when storage has taken it, before the app hears of that.</summary>
    public void SendEveryMessageTwice() => Proxy.After = async request =>
    {
        if (request.Has("POST", "/clv-work/messages"))
        {
            var queue = new QueueClient(Storage, Names.WorkQueue);
            var start = request.Body.IndexOf("<MessageText>", StringComparison.Ordinal) + 13;
            await queue.SendMessageAsync(request.Body[start..request.Body.IndexOf("</MessageText>", StringComparison.Ordinal)]);
        }

        return true;
    };

    /// <summary>Waits for a run's end.</summary>
    public Task<RunReport> EndOfAsync(string run) => UntilAsync(run, static report => report.IsEnded);

    /// <summary>Waits until the blobs of the night's work are those alone that may stay: a run's end is told before its work is removed.</summary>
    public async Task UntilWorkIsAsync(Func<string, bool> stays)
    {
        var watch = Stopwatch.StartNew();
        while ((await Night.NightTests.BlobsAsync(this, Names.Work)).Find(name => !stays(name)) is { } left)
        {
            Assert.True(watch.Elapsed < Limit, $"{left} is still there.");
            await Task.Delay(50);
        }
    }

    /// <summary>
    /// Waits until no message of units is left and none is worked on: a run's end is told before its last units have cleaned up, and the second of two
    /// messages for one unit may come after it.
    /// </summary>
    public async Task UntilQuietAsync() => Assert.True(await IsQuietWithinAsync(Limit, static () => false), "The queue is never empty.");

    /// <summary>Waits until no message of units is left and nobody works; false when that takes too long.</summary>
    public async Task<bool> IsQuietWithinAsync(TimeSpan limit, Func<bool> busy)
    {
        var watch = Stopwatch.StartNew();
        for (var quiet = 0; quiet < 2;)
        {
            if (watch.Elapsed > limit)
            {
                return false;
            }

            quiet = !busy() && await IsEmptyAsync(Names.WorkQueue) && await IsEmptyAsync(Names.WorkQueue + "-poison") ? quiet + 1 : 0;
            await Task.Delay(80);
        }

        return true;

        // Messages that are hidden count.
        async Task<bool> IsEmptyAsync(string queue)
        {
            try
            {
                return (await this.Queue(queue).GetPropertiesAsync()).Value.ApproximateMessagesCount == 0;
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return true;
            }
        }
    }

    /// <summary>Waits until a run's report satisfies a condition.</summary>
    public async Task<RunReport> UntilAsync(string run, Func<RunReport, bool> satisfied)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await _http.GetAsync($"api/runs/{run}");
            if (answer.IsSuccessStatusCode)
            {
                var report = (await answer.Content.ReadFromJsonAsync<RunReport>(Json))!;
                if (satisfied(report))
                {
                    return report;
                }
            }

            Assert.True(watch.Elapsed < Limit, $"Run {run} did not get there.");
            await Task.Delay(50);
        }
    }

    /// <summary>Every row of a run's scores as text, in the order of the table, without what the service adds.</summary>
    public async Task<string> ScoresAsync(string run)
    {
        var text = new StringBuilder();
        await foreach (var row in Tables.GetTableClient(Names.Scores(run)).QueryAsync<TableEntity>())
        {
            text.Append(row.PartitionKey).Append(' ').Append(row.RowKey);
            foreach (var (name, value) in row.Where(static p => p.Key is not ("odata.etag" or "Timestamp" or "PartitionKey" or "RowKey")).OrderBy(static p => p.Key, StringComparer.Ordinal))
            {
                text.Append(' ').Append(name).Append('=').Append(value is double d ? d.ToString("R") : value);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A run's events as the file has them, without what names the run.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync(string run)
    {
        var file = (await Blobs.GetBlobContainerClient(Names.Exports).GetBlobClient(Names.Events(run)).DownloadContentAsync()).Value.Content.ToString();
        return [.. file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Replace(run, "", StringComparison.Ordinal))];
    }

    /// <summary>All messages that the queue of events holds, in no order; they are taken from it.</summary>
    public async Task<IReadOnlyList<EventMessage>> ToldAsync()
    {
        var queue = new QueueServiceClient(Storage, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }).GetQueueClient(Names.EventQueue);
        var told = new List<EventMessage>();
        while (await queue.ExistsAsync() && (await queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5))).Value is { Length: > 0 } messages)
        {
            told.AddRange(messages.Select(static message => NightJson.Read<EventMessage>(message.Body)));
        }

        return told;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
        await Proxy.DisposeAsync();
        await _azurite.DisposeAsync();
    }
}
