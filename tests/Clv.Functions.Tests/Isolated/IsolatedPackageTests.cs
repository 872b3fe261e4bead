using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Clv.Functions.Tests.Package;

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
}
