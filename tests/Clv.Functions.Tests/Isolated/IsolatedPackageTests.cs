using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Clv.Functions.Tests.Access;
using Clv.Functions.Tests.Package;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Isolated;

/// <summary>What is deployed of the isolated head.</summary>
[SupportedOSPlatform("linux")]
public sealed class IsolatedPackageTests(PublishedPackage packages)
{
    [Fact]
    public async Task Isolated_Published_HasWhatTheHostNeedsAndNothingElse()
    {
        var package = await packages.GetAsync("isolated");

        foreach (var file in (string[])["host.json", "worker.config.json", "functions.metadata", "extensions.json", "Clv.Functions.Isolated.dll", "wwwroot/index.html"])
        {
            Assert.Contains(file, package.Files);
        }

        Assert.Null(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(package.Folder, "host.json")))!["customHandler"]);
        // The queue's extension, where the host looks for it.
        Assert.Contains(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.Storage.Queues.dll", package.Files);
        Assert.DoesNotContain(package.Files, static file => file.EndsWith("function.json", StringComparison.Ordinal) || file is "Clv.Functions" or "libcoreclr.so");
        Assert.DoesNotContain(package.Files, static file => PackageTests.ForPeople().IsMatch(file));
    }

    [Fact]
    public async Task Isolated_PublishedForAnybody_AsksForKeysOfItsOwnAlone()
    {
        var package = await packages.GetAsync("isolated", options: ["--api", "anonymous"]);
        var settings = new Dictionary<string, string> { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["Clv__HashKey"] = NightRig.HashKey };

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerHost.StartAsync(settings, package.Folder));
        Assert.Contains("Clv:Access is FunctionKeys", failure.Message, StringComparison.Ordinal);
        await using var host = await WorkerHost.StartAsync(settings.Concat(AppRig.Keys).ToDictionary(), package.Folder);

        // What the host reads first, and what the worker tells it then.
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(package.Folder, "functions.metadata")))!.AsArray()
            .ToDictionary(static f => (string)f!["name"]!, static f => (string?)f!["bindings"]![0]!["authLevel"]);
        foreach (var function in (string[])["Api", "Desk"])
        {
            Assert.Equal("Anonymous", file[function]);
            Assert.Equal("Anonymous", (string?)JsonNode.Parse(host.Functions[function].RawBindings[0])!["authLevel"]);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/runs", UriKind.Relative));
        using var stranger = await host.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }
}
