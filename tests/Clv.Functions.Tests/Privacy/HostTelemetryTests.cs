using System.Text.Json.Nodes;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Privacy;

/// <summary>The Functions host has telemetry of its own, in which the addresses of requests stand, and in those customers.</summary>
public sealed class HostTelemetryTests
{
    [Fact]
    public void HostJson_KeepsAddressesOfRequestsOutOfTheHostsTelemetry()
    {
        var logging = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Folder, "host.json")))!["logging"]!;

        // What it forwards to the app would be a dependency, and what it answers a request, told with their addresses.
        Assert.False((bool)logging["applicationInsights"]!["enableDependencyTracking"]!);
        Assert.False((bool)logging["applicationInsights"]!["httpAutoCollectionOptions"]!["enableHttpTriggerExtendedInfoCollection"]!);
        Assert.Equal("Error", (string?)logging["logLevel"]!["Host.Results"]);
    }
}
