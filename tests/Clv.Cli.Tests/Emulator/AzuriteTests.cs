using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Clv.Cli.Emulator;

namespace Clv.Cli.Tests.Emulator;

public sealed class AzuriteTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clv-azurite-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task StartAsync_AfterAGracefulStop_FindsItsDataAgain()
    {
        await using (var first = await StartAsync())
        {
            Assert.False(first.IsAttached);
            await new QueueClient(first.ConnectionString, "kept").CreateAsync(cancellationToken: Cancelled);
            await new QueueClient(first.ConnectionString, "kept").SendMessageAsync("still here", Cancelled);
            var container = new BlobContainerClient(first.ConnectionString, "kept");
            await container.CreateAsync(cancellationToken: Cancelled);
            await container.UploadBlobAsync("note.txt", BinaryData.FromString("and here"), Cancelled);
        }

        Assert.False(File.Exists(Path.Combine(_folder.FullName, "azurite.json")));
        await using var second = await StartAsync();
        var message = await new QueueClient(second.ConnectionString, "kept").ReceiveMessageAsync(cancellationToken: Cancelled);
        Assert.Equal("still here", message.Value.MessageText);
        var blob = await new BlobClient(second.ConnectionString, "kept", "note.txt").DownloadContentAsync(Cancelled);
        Assert.Equal("and here", blob.Value.Content.ToString());
    }

    [Fact]
    public async Task StartAsync_OverAFolderThatIsServed_AttachesAndLeavesItRunning()
    {
        await using var owner = await StartAsync();
        var attached = await StartAsync();
        Assert.True(attached.IsAttached);
        Assert.Equal(owner.ProcessId, attached.ProcessId);
        Assert.Equal(owner.ConnectionString, attached.ConnectionString);
        await attached.DisposeAsync();
        await attached.Exited.WaitAsync(TimeSpan.FromMinutes(2), Cancelled);

        Assert.False(owner.HasExited);
        await new QueueClient(owner.ConnectionString, "alive").CreateAsync(cancellationToken: Cancelled);
    }

    [Fact]
    public async Task StartAsync_ManyAtOnceOverOneFolder_RunsASingleEmulator()
    {
        var all = await Task.WhenAll(StartAsync(), StartAsync(), StartAsync());
        try
        {
            Assert.Single(all.Select(azurite => azurite.ProcessId).Distinct());
            Assert.Single(all, azurite => !azurite.IsAttached);
        }
        finally
        {
            foreach (var azurite in all)
            {
                await azurite.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task StartAsync_AfterTheEmulatorWasKilled_IgnoresItsStaleRecord()
    {
        await using var first = await StartAsync();
        using (var process = Process.GetProcessById(first.ProcessId))
        {
            process.Kill();
        }

        var lastLines = await first.Exited.WaitAsync(TimeSpan.FromMinutes(2), Cancelled);
        Assert.Contains("Table service is successfully listening", lastLines, StringComparison.Ordinal);
        Assert.True(first.HasExited);

        await using var second = await StartAsync();
        Assert.False(second.IsAttached);
        Assert.NotEqual(first.ProcessId, second.ProcessId);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task StartAsync_BesideABrokenRecord_ReplacesIt(string content)
    {
        var record = Path.Combine(_folder.FullName, "azurite.json");
        await File.WriteAllTextAsync(record, content, Cancelled);
        await using var azurite = await StartAsync();
        Assert.False(azurite.IsAttached);
        Assert.Contains(azurite.ProcessId.ToString(), await File.ReadAllTextAsync(record, Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blob")]
    [InlineData("queue")]
    [InlineData("table")]
    public async Task StartAsync_OnATakenPort_NamesThePortAndTheService(string service)
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;
        var options = new AzuriteOptions
        {
            InMemory = true,
            BlobPort = service == "blob" ? port : 0,
            QueuePort = service == "queue" ? port : 0,
            TablePort = service == "table" ? port : 0,
        };

        var exception = await Assert.ThrowsAsync<EmulatorException>(() => Azurite.StartAsync(options, Cancelled));
        Assert.Contains($"{service} port {port} is taken", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_InAFolderThatCannotBe_NamesTheFolder()
    {
        var file = Path.Combine(_folder.FullName, "a-file");
        await File.WriteAllTextAsync(file, "", Cancelled);
        var options = new AzuriteOptions { Folder = Path.Combine(file, "data") };

        var exception = await Assert.ThrowsAsync<EmulatorException>(() => Azurite.StartAsync(options, Cancelled));
        Assert.Contains(options.Folder, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("somewhere", 70000)]
    public async Task StartAsync_WithOptionsThatMakeNoSense_SaysSo(string? folder, int port)
    {
        var options = new AzuriteOptions { Folder = folder, QueuePort = port };
        await Assert.ThrowsAsync<EmulatorException>(() => Azurite.StartAsync(options, Cancelled));
    }

    [Fact]
    public async Task StartAsync_InMemory_ServesAndForgets()
    {
        await using var azurite = await Azurite.StartAsync(new AzuriteOptions { InMemory = true }, Cancelled);
        var queue = new QueueClient(azurite.ConnectionString, "fleeting");
        await queue.CreateAsync(cancellationToken: Cancelled);
        await queue.SendMessageAsync("here", Cancelled);
        Assert.Equal("here", (await queue.PeekMessageAsync(Cancelled)).Value.MessageText);
        using var process = Process.GetProcessById(azurite.ProcessId);
        await azurite.DisposeAsync();
        Assert.True(azurite.HasExited);
        Assert.True(process.HasExited);
    }

    [Fact]
    public async Task StartAsync_WithFixedPorts_ListensOnThem()
    {
        var ports = UnusedPorts().Take(3).ToArray();
        var options = new AzuriteOptions { InMemory = true, BlobPort = ports[0], QueuePort = ports[1], TablePort = ports[2] };
        await using var azurite = await Azurite.StartAsync(options, Cancelled);
        int[] used = [azurite.BlobPort, azurite.QueuePort, azurite.TablePort];
        Assert.Equal(ports, used);
    }

    // Below those that the system gives to whoever asks for any: one that is free stays so until it is taken. Where to begin differs from process to process.
    private static IEnumerable<int> UnusedPorts() => Enumerable.Range(0, 10_000).Select(static i => 20_000 + ((Environment.ProcessId + i) % 10_000)).Where(static port =>
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });

    private Task<Azurite> StartAsync() => Azurite.StartAsync(new AzuriteOptions { Folder = _folder.FullName }, Cancelled);
}
