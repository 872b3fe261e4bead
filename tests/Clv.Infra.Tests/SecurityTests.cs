using System.Text.Json.Nodes;

namespace Clv.Infra.Tests;

/// <summary>No keys, no passwords, nothing unencrypted, and no more rights than are used.</summary>
public sealed class SecurityTests(Deployments deployments)
{
    // Who may do what where; why: infra/README.md. A role that is missing here, or one too many there, fails.
    private static readonly (string Where, string Role, string Id)[] OfTheApp =
    [
        ("storageAccounts", "Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"),
        ("storageAccounts", "Storage Queue Data Contributor", "974c5e8b-45b9-4653-ba55-5f855dd0fb88"),
        ("storageAccounts", "Storage Table Data Contributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"),
        ("vaults", "Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6"),
        ("components", "Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb"),
    ];

    private static readonly (string Where, string Role, string Id, string Who)[] OfOthers =
    [
        ("containers/crm-extracts", "Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "11111111-1111-1111-1111-111111111111"),
        ("queues/clv-events", "Storage Queue Data Message Processor", "8a0f0c08-91a1-4084-bc3d-661d67233fed", "22222222-2222-2222-2222-222222222222"),
        ("containers/clv-exports", "Storage Blob Data Reader", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "33333333-3333-3333-3333-333333333333"),
        ("vaults", "Key Vault Secrets Officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "44444444-4444-4444-4444-444444444444"),
    ];

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void TheApp_HasExactlyItsRoles(string name)
    {
        var identity = Deployment.Text(deployments[name].One("Microsoft.ManagedIdentity/userAssignedIdentities")["id"]);
        var roles = deployments[name].Of("Microsoft.Authorization/roleAssignments").Where(role => Who(role).Contains(identity, StringComparison.Ordinal)).ToList();

        Assert.Equal(
            OfTheApp.Select(static role => (role.Where, role.Role, role.Id)).Order(),
            roles.Select(static role => (Where(role).Split('/')[0], Deployment.Text(role["properties"]!["description"]), Id(role))).Order());
        Assert.All(roles, static role => Assert.Equal("ServicePrincipal", Deployment.Text(role["properties"]!["principalType"])));
    }

    [Fact]
    public void Others_HaveTheirContainerOrQueueAlone()
    {
        var identity = Deployment.Text(deployments.WithEverything.One("Microsoft.ManagedIdentity/userAssignedIdentities")["id"]);
        Assert.Equal(
            OfOthers.Order(),
            deployments.WithEverything.Of("Microsoft.Authorization/roleAssignments").Where(role => !Who(role).Contains(identity, StringComparison.Ordinal))
                .Select(static role => (Where(role), Deployment.Text(role["properties"]!["description"]), Id(role), Who(role))).Order());
        // Nobody is named, and nobody has one.
        Assert.Equal(OfTheApp.Length, deployments.Dev.Of("Microsoft.Authorization/roleAssignments").Count());
        Assert.Equal(OfTheApp.Length, deployments.Production.Of("Microsoft.Authorization/roleAssignments").Count());
    }

    [Fact]
    public void Roles_AreExplained()
    {
        var readme = File.ReadAllText(Path.Combine(Bicep.Source.FullName, "README.md")).ReplaceLineEndings(" ");
        Assert.All(OfTheApp, role => Assert.Contains($"| {role.Role} |", readme, StringComparison.Ordinal));
        Assert.All(OfOthers, role => Assert.Contains(role.Role, readme, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void Storage_TakesNoKeys_AndIsNeverPublicOrUnencrypted(string name)
    {
        var account = deployments[name].One("Microsoft.Storage/storageAccounts")["properties"]!;
        Assert.False(account["allowSharedKeyAccess"]!.GetValue<bool>());
        Assert.False(account["allowBlobPublicAccess"]!.GetValue<bool>());
        Assert.False(account["allowCrossTenantReplication"]!.GetValue<bool>());
        Assert.True(account["supportsHttpsTrafficOnly"]!.GetValue<bool>());
        Assert.Equal("TLS1_2", Deployment.Text(account["minimumTlsVersion"]));
        Assert.All(deployments[name].Of("Microsoft.Storage/storageAccounts/blobServices/containers"), static container => Assert.Equal("None", Deployment.Text(container["properties"]!["publicAccess"])));
    }

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void Nothing_HoldsOrAsksForASecret(string name)
    {
        var resources = deployments[name].Snapshot.ToJsonString();
        foreach (var trace in (string[])["listKeys", "listAccountSas", "AccountKey", "SharedAccessSignature", "InstrumentationKey=", "listCredentials"])
        {
            Assert.DoesNotContain(trace, resources, StringComparison.OrdinalIgnoreCase);
        }

        var settings = deployments[name].AppSettings;
        Assert.DoesNotContain("AzureWebJobsStorage", settings.Keys);
        Assert.All(
            settings.Where(static setting => setting.Key is "Clv__HashKey" || setting.Key.StartsWith("Clv__ApiKeys__", StringComparison.Ordinal)),
            static setting => Assert.Matches(@"^@Microsoft\.KeyVault\(VaultName=[a-z0-9-]{3,24};SecretName=clv-[a-z-]+\)$", setting.Value));
        Assert.Contains("Clv__HashKey", settings.Keys);
        Assert.Empty(deployments[name].Of("Microsoft.KeyVault/vaults/secrets"));
    }

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void TheApp_TakesHttpsOnly_AndNoPasswords(string name)
    {
        var deployment = deployments[name];
        var app = deployment.One("Microsoft.Web/sites");
        var identity = Deployment.Text(deployment.One("Microsoft.ManagedIdentity/userAssignedIdentities")["id"]);
        Assert.True(app["properties"]!["httpsOnly"]!.GetValue<bool>());
        Assert.Equal("1.2", Deployment.Text(app["properties"]!["siteConfig"]!["minTlsVersion"]));
        Assert.Equal("1.2", Deployment.Text(app["properties"]!["siteConfig"]!["scmMinTlsVersion"]));
        Assert.Equal("Disabled", Deployment.Text(app["properties"]!["siteConfig"]!["ftpsState"]));
        Assert.Equal(["ftp", "scm"], deployment.Names("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Order());
        Assert.All(deployment.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), static policy => Assert.False(policy["properties"]!["allow"]!.GetValue<bool>()));
        Assert.Equal("UserAssigned", Deployment.Text(app["identity"]!["type"]));
        Assert.Equal([identity], app["identity"]!["userAssignedIdentities"]!.AsObject().Select(static each => each.Key));
        Assert.Equal(identity, Deployment.Text(app["properties"]!["keyVaultReferenceIdentity"]));
    }

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void TheVault_CannotBeEmptiedForGood_AndTellsWhoReads(string name)
    {
        var vault = deployments[name].One("Microsoft.KeyVault/vaults");
        // Development is torn down and made again under the same names. False is refused by the service.
        var isKept = name != "dev";
        Assert.Equal(isKept ? true : null, vault["properties"]!["enablePurgeProtection"]?.GetValue<bool>());
        Assert.True(vault["properties"]!["enableRbacAuthorization"]!.GetValue<bool>());
        Assert.Equal(isKept ? 90 : 7, vault["properties"]!["softDeleteRetentionInDays"]!.GetValue<int>());
        Assert.Contains(
            deployments[name].Of("Microsoft.Insights/diagnosticSettings"),
            setting => Deployment.Text(setting["id"]).StartsWith(Deployment.Text(vault["id"]), StringComparison.Ordinal)
                && Deployment.Text(setting["properties"]!["logs"]![0]!["category"]) == "AuditEvent");
    }

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void Telemetry_NeedsAnIdentity(string name)
    {
        Assert.True(deployments[name].One("Microsoft.Insights/components")["properties"]!["DisableLocalAuth"]!.GetValue<bool>());
        Assert.False(deployments[name].One("Microsoft.Insights/components")["properties"]!["DisableIpMasking"]!.GetValue<bool>());
        Assert.True(deployments[name].One("Microsoft.OperationalInsights/workspaces")["properties"]!["features"]!["disableLocalAuth"]!.GetValue<bool>());
        Assert.Contains("Authorization=AAD", deployments[name].AppSettings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"], StringComparison.Ordinal);
    }

    // Requests to tables and queues name people by their pseudonyms, and the app's own logs of requests have paths with their ids.
    [Fact]
    public void Diagnostics_AreOfBlobsAndOfTheVaultAlone()
    {
        Assert.All(
            deployments.All.SelectMany(static deployment => deployment.Of("Microsoft.Insights/diagnosticSettings")),
            static setting => Assert.Matches("/(vaults/[^/]+|blobServices/default)/providers/Microsoft.Insights/", Deployment.Text(setting["id"])));
        Assert.Equal(2, deployments.WithEverything.Of("Microsoft.Insights/diagnosticSettings").Count());
        Assert.Single(deployments.Production.Of("Microsoft.Insights/diagnosticSettings"));
    }

    [Fact]
    public void Locks_KeepTheDataAndTheKey()
    {
        Assert.Empty(deployments.Dev.Of("Microsoft.Authorization/locks"));
        Assert.Equal(["storageAccounts", "vaults"], deployments.Production.Of("Microsoft.Authorization/locks").Select(static each => Where(each).Split('/')[0]).Order());
    }

    // .../providers/Microsoft.Storage/storageAccounts/x/blobServices/default/containers/crm-extracts/providers/Microsoft.Authorization/...
    private static string Where(JsonNode resource)
    {
        var parts = Deployment.Text(resource["id"]).Split("/providers/")[^2].Split('/');
        return parts.Length > 3 ? string.Join('/', parts[^2..]) : parts[1];
    }

    private static string Id(JsonNode role) => Deployment.Text(role["properties"]!["roleDefinitionId"]).Split('/')[^1];

    private static string Who(JsonNode role) => Deployment.Text(role["properties"]!["principalId"]);
}
