using System.Reflection;
using System.Text.Json.Nodes;
using Clv.Functions.Tests.Rig;
using Names = Clv.Functions.Storage.Names;

namespace Clv.Infra.Tests;

/// <summary>Whatever has a fixed name is in the template; a run's own tables are the app's.</summary>
public sealed class StorageTests(Deployments deployments)
{
    private static readonly string[] QueuesOfTheTriggers =
        [.. FunctionFiles.Bindings.Where(static binding => Deployment.Text(binding["type"]) == "queueTrigger").Select(static binding => Deployment.Text(binding["queueName"]))];

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void ContainersQueuesAndTables_AreThoseOfTheCode(string name)
    {
        var constants = typeof(Names).GetFields(BindingFlags.Public | BindingFlags.Static).Where(static field => field.IsLiteral)
            .Select(static field => (field.Name, Value: (string)field.GetRawConstantValue()!)).ToList();
        var queues = constants.Where(static each => each.Name.EndsWith("Queue", StringComparison.Ordinal)).Select(static each => each.Value).Union(QueuesOfTheTriggers);
        // clv-work is a container and a queue, so a name is told by its constant.
        var tables = constants.Where(static each => !each.Name.EndsWith("Queue", StringComparison.Ordinal)).Select(static each => each.Value).Except(Names.Containers);

        Assert.Equal(Names.Containers.Append("deployments").Order(), deployments[name].Names("Microsoft.Storage/storageAccounts/blobServices/containers").Order());
        Assert.Equal(queues.Order(), deployments[name].Names("Microsoft.Storage/storageAccounts/queueServices/queues").Order());
        Assert.Equal(tables.Order(), deployments[name].Names("Microsoft.Storage/storageAccounts/tableServices/tables").Order());
    }

    [Fact]
    public void Triggers_LookAtTheQueuesThatTheAppWritesTo() =>
        Assert.Equal([Names.WorkQueue, $"{Names.WorkQueue}-poison"], QueuesOfTheTriggers.Order());

    // Folders of a night, and nothing that stands beside them in the container.
    [Fact]
    public void Extracts_AreDeletedByAge_AndMappingsAreNot()
    {
        var rule = Assert.Single(deployments.Production.One("Microsoft.Storage/storageAccounts/managementPolicies")["properties"]!["policy"]!["rules"]!.AsArray())!;
        var prefix = Deployment.Text(Assert.Single(rule["definition"]!["filters"]!["prefixMatch"]!.AsArray()));
        Assert.Equal(30, rule["definition"]!["actions"]!["baseBlob"]!["delete"]!["daysAfterCreationGreaterThan"]!.GetValue<int>());
        Assert.StartsWith(prefix, $"{Names.Extracts}/{Names.Folder(new DateOnly(2026, 11, 20))}", StringComparison.Ordinal);
        Assert.All((string[])["mapping.json", "profile.json"], file => Assert.False($"{Names.Extracts}/{file}".StartsWith(prefix, StringComparison.Ordinal), file));
        // No other container begins like it.
        Assert.All(Names.Containers.Where(static container => container != Names.Extracts), container => Assert.False($"{container}/20".StartsWith(prefix, StringComparison.Ordinal), container));
        Assert.Empty(deployments.WithSignIn.Of("Microsoft.Storage/storageAccounts/managementPolicies"));
    }

    // Who is erased is gone.
    [Fact]
    public void NothingThatWasErased_IsKept()
    {
        foreach (var deployment in (Deployment[])[deployments.Dev, deployments.Production, deployments.WithEverything])
        {
            var blobs = deployment.One("Microsoft.Storage/storageAccounts/blobServices")["properties"]!;
            Assert.False(blobs["deleteRetentionPolicy"]!["enabled"]!.GetValue<bool>());
            Assert.False(blobs["isVersioningEnabled"]!.GetValue<bool>());
            Assert.False(blobs["changeFeed"]!["enabled"]!.GetValue<bool>());
        }

        Assert.Equal(3, deployments.WithSignIn.One("Microsoft.Storage/storageAccounts/blobServices")["properties"]!["deleteRetentionPolicy"]!["days"]!.GetValue<int>());
    }
}

/// <summary>The function.json files.</summary>
internal static class FunctionFiles
{
    private static readonly DirectoryInfo Folder = new(Path.Combine(Repository.Folder, "src", "Clv.Functions", "functions"));

    public static IReadOnlyList<string> Functions { get; } = [.. Folder.EnumerateDirectories().Select(static folder => folder.Name)];

    public static IReadOnlyList<JsonNode> Bindings { get; } =
        [.. Folder.EnumerateFiles("function.json", SearchOption.AllDirectories).SelectMany(static file => JsonNode.Parse(File.ReadAllText(file.FullName))!["bindings"]!.AsArray()).Select(static binding => binding!)];
}
