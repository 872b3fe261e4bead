using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Clv.Cli.Emulator;

namespace Clv.Cli.Tests.Commands;

/// <summary>The app as a service on a storage account that it did not make.</summary>
public sealed class ServeAccountTests
{
    private static readonly DateOnly Night = new(2026, 11, 20);

    // Many units, so that a night has a middle.
    private static readonly Dictionary<string, string> ManyUnits = new() { ["Clv__Partitions"] = "24" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SigTerm_InTheMiddleOfANight_LeavesItToTheNextStartWhichComesToTheSameScores()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var folder = new TempFolder();
        await GenerateAsync(folder, 150);
        await using var undisturbed = await Azurite.StartAsync(new AzuriteOptions { InMemory = true }, Cancelled);
        string expected;
        await DeliverAsync(folder, undisturbed, Night);
        await using (var service = await RunningService.StartAsync(undisturbed.ConnectionString, ManyUnits))
        {
            var run = await service.StartRunAsync(Night);
            Assert.Equal("published", (await service.EndOfAsync(run)).GetProperty("state").GetString());
            expected = await ScoresAsync(undisturbed, run);
            Assert.Equal(0, await service.StopAsync());
        }

        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { InMemory = true }, Cancelled);
        await DeliverAsync(folder, azurite, Night);
        string night;
        await using (var first = await RunningService.StartAsync(azurite.ConnectionString, ManyUnits))
        {
            night = await first.StartRunAsync(Night);
            await first.UntilAsync(night, static report => report.GetProperty("phases").EnumerateArray().Any(static phase => phase.GetProperty("phase").GetString() == "summarise" && phase.GetProperty("done").GetInt32() > 0));
            Assert.Equal(0, await first.StopAsync());
            Assert.Contains("Stopping", first.Log, StringComparison.Ordinal);
            Assert.EndsWith("Stopped.", first.Log, StringComparison.Ordinal);
        }

        var left = await new QueueClient(azurite.ConnectionString, "clv-work").PeekMessagesAsync(1, Cancelled);
        Assert.NotEmpty(left.Value);
        // Nothing was cut short: a message that is delivered for the first time waits for whoever comes.
        Assert.Equal(0, left.Value[0].DequeueCount);

        await using var second = await RunningService.StartAsync(azurite.ConnectionString, ManyUnits);
        Assert.Equal("published", (await second.EndOfAsync(night)).GetProperty("state").GetString());
        Assert.Equal(expected, await ScoresAsync(azurite, night));
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task TwoServices_OnOneAccount_StartOneRunAndAskForKeysOnAllAddresses()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var folder = new TempFolder();
        await GenerateAsync(folder, 60);
        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { InMemory = true }, Cancelled);
        // Where it is noon now, today stays today.
        var hours = 12 - TimeProvider.System.GetUtcNow().Hour;
        var settings = new Dictionary<string, string>
        {
            ["Clv__Schedule"] = "* * * * * *",
            ["Clv__TimeZone"] = string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{-hours:+0;-0;+0}"),
            ["Clv__Partitions"] = "4",
        };
        await DeliverAsync(folder, azurite, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(hours).DateTime));
        string[] everywhere = ["--bind", "0.0.0.0"];
        var starting = new[] { RunningService.StartAsync(azurite.ConnectionString, settings, everywhere), RunningService.StartAsync(azurite.ConnectionString, settings, everywhere) };
        await using var one = await starting[0];
        await using var other = await starting[1];
        Assert.Equal("0.0.0.0", one.Address.Host);

        await one.UntilAsync("r00001", static report => report.GetProperty("state").GetString() == "published");
        // Both timers go on, every second.
        await Task.Delay(TimeSpan.FromSeconds(3), Cancelled);
        var runs = await other.Api.GetFromJsonAsync<JsonElement>("api/runs", Cancelled);
        Assert.True(runs.GetProperty("runs").GetArrayLength() == 1, runs.ToString());

        using var stranger = new HttpClient { BaseAddress = one.Api.BaseAddress };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("api/runs", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("api/healthz", Cancelled)).StatusCode);
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "health", one.Api.BaseAddress!.ToString())).ExitCode);
        Assert.All(await Task.WhenAll(one.StopAsync(), other.StopAsync()), static code => Assert.Equal(0, code));
        var ended = await Clv.RunAsync(folder.Path, "health", one.Api.BaseAddress.ToString());
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("does not answer", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(RunningService.OperatorKey, one.Log + other.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_UnderSystemd_TakesItsCredentialsTellsItsStateAndWritesForTheJournal()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is of Linux.");
        using var folder = new TempFolder();
        using var secrets = new TempFolder();
        secrets.Write("Clv__HashKey", "the hash key of a file, with a line's end behind it\n");
        secrets.Write("Clv__ApiKeys__Operator", RunningService.OperatorKey.Replace(' ', '-') + "\n");
        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { InMemory = true }, Cancelled);
        var path = Path.Combine(folder.Path, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));

        await using var service = await RunningService.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["Clv__HashKey"] = "short",
            ["Clv__ApiKeys__Operator"] = "",
            ["CREDENTIALS_DIRECTORY"] = secrets.Path,
            ["NOTIFY_SOCKET"] = path,
            ["JOURNAL_STREAM"] = "1:2",
        });

        Assert.Equal("READY=1", await ReceiveAsync(manager));
        Assert.Equal(HttpStatusCode.OK, (await service.Api.GetAsync("api/runs", Cancelled)).StatusCode);
        Assert.Equal(0, await service.StopAsync());
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
        Assert.All(service.Log.Split('\n'), static line => Assert.Matches("^<[3-7]>", line));
    }

    [Fact]
    public async Task Publish_OfTheCommandLine_ServesWithoutTheSourceTree()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var folder = new TempFolder();
        var configuration = Path.GetFileName(Path.GetDirectoryName(Clv.Program)!);
        var start = new ProcessStartInfo("dotnet", ["publish", Path.Combine(Clv.Repository, "src", "Clv.Cli"), "--no-build", "-c", configuration, "-o", Path.Combine(folder.Path, "clv")])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using (var publish = Process.Start(start)!)
        {
            var said = await publish.StandardOutput.ReadToEndAsync(Cancelled);
            await publish.WaitForExitAsync(Cancelled);
            Assert.True(publish.ExitCode == 0, said);
        }

        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { InMemory = true }, Cancelled);
        await using var service = await RunningService.StartAsync(azurite.ConnectionString, program: Path.Combine(folder.Path, "clv", "clv"));
        Assert.Equal(HttpStatusCode.OK, (await service.Api.GetAsync("", Cancelled)).StatusCode);
        Assert.Equal("ok", (await service.Api.GetFromJsonAsync<JsonElement>("api/healthz", Cancelled)).GetProperty("status").GetString());
        Assert.Equal(0, await service.StopAsync());
    }

    [Theory]
    [InlineData("AzureWebJobsStorage=", "AzureWebJobsStorage__accountName")]
    [InlineData("AzureWebJobsStorage=AccountName=x;AccountKey=c2VjcmV0;Nonsense", "AzureWebJobsStorage is not a storage connection string")]
    [InlineData("Clv__HashKey=c2VjcmV0", "Clv:HashKey")]
    [InlineData("Clv__ApiKeys__Operator=", "there is no key")]
    [InlineData("Clv__ApiKeys__Operator=c2VjcmV0", "Clv:ApiKeys:Operator")]
    [InlineData("Clv__Access=FunctionKeys|Clv__ApiKeys__Operator=", "set it to ApiKeys")]
    [InlineData("", "There is no folder /nowhere", "--secrets", "/nowhere")]
    [InlineData("", "Clv:ApiKeys has keys", "--open")]
    [InlineData("Clv__Access=ApiKeys", "leave one of the two out", "--open")]
    [InlineData("", "for this machine alone", "--open", "--bind", "0.0.0.0")]
    [InlineData("", "come through a proxy", "--open", "--proxy", "127.0.0.1")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=c2VjcmV0", "OTEL_EXPORTER_OTLP_ENDPOINT must be")]
    [InlineData("", "--data needs --storage local", "--data", "x")]
    [InlineData("", "--bind must be an IP address", "--bind", "everywhere")]
    [InlineData("", "--proxy must be an IP address or a network", "--proxy", "10.0.0.0/99")]
    [InlineData("", "--stop-seconds must be from 0 to 3600", "--stop-seconds", "3601")]
    public async Task Serve_WithSettingsThatDoNotGo_EndsWithWhatToDoAndNothingSecret(string settings, string expected, params string[] arguments)
    {
        using var folder = new TempFolder();
        var environment = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Clv__HashKey"] = "a key for tests alone, long enough to be one",
            ["Clv__ApiKeys__Operator"] = new string('k', 40),
        };
        foreach (var setting in settings.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            environment[setting.Split('=', 2)[0]] = setting.Split('=', 2)[1];
        }

        var ended = await Clv.RunAsync(folder.Path, environment, ["serve", "--storage", "account", .. arguments]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", ended.Error + ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Serve_WithSecretsThatItMayNotRead_SaysWhatToDo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Whoever is root may read everything.");
        using var folder = new TempFolder();
        var secret = folder.Write("secrets/Clv__HashKey", "a key for tests alone, long enough to be one");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(secret, UnixFileMode.None);
        }


        var ended = await Clv.RunAsync(folder.Path, "serve", "--storage", "account", "--secrets", "secrets");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("let the service's user read the folder", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OnLocalStorage_RefusesWhatBelongsToAnAccount()
    {
        using var folder = new TempFolder();

        var ended = await Clv.RunAsync(folder.Path, "serve", "--bind", "0.0.0.0");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("--bind needs --storage account", ended.Error, StringComparison.Ordinal);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        var buffer = new byte[100];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token));
    }

    private static async Task GenerateAsync(TempFolder folder, int customers)
    {
        var ended = await Clv.RunAsync(
            folder.Path, "generate", "--customers", customers.ToString(CultureInfo.InvariantCulture), "--out", "extracts", "--until", $"{Night:yyyy-MM-dd}");
        Assert.True(ended.ExitCode == 0, ended.Error);
    }

    private static async Task DeliverAsync(TempFolder folder, Azurite azurite, DateOnly date)
    {
        var container = new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient("crm-extracts");
        await container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        // The manifest says that the folder is complete.
        foreach (var file in Directory.GetFiles(Path.Combine(folder.Path, "extracts")).OrderBy(static f => f.EndsWith("manifest.json", StringComparison.Ordinal)))
        {
            await container.GetBlobClient($"{date:yyyy-MM-dd}/{Path.GetFileName(file)}").UploadAsync(file, Cancelled);
        }
    }

    private static async Task<string> ScoresAsync(Azurite azurite, string run)
    {
        var text = new StringBuilder();
        await foreach (var row in new TableServiceClient(azurite.ConnectionString).GetTableClient($"clvscores{run}").QueryAsync<TableEntity>(cancellationToken: Cancelled))
        {
            var values = row.Where(static p => p.Key is not ("odata.etag" or "Timestamp")).OrderBy(static p => p.Key, StringComparer.Ordinal);
            text.AppendJoin(' ', values.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}"))).Append('\n');
        }

        Assert.NotEqual(0, text.Length);
        return text.ToString();
    }
}
