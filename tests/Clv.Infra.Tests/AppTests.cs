using System.Text.Json.Nodes;
using Clv.Functions.Tests.Rig;

namespace Clv.Infra.Tests;

/// <summary>The function app, its plan and its ways in.</summary>
public sealed class AppTests(Deployments deployments)
{
    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void TheApp_IsOfThePackagesRuntime_OnFlexConsumption(string name)
    {
        var plan = deployments[name].One("Microsoft.Web/serverfarms");
        var app = deployments[name].One("Microsoft.Web/sites");
        var configuration = app["properties"]!["functionAppConfig"]!;
        Assert.Equal("FC1", Deployment.Text(plan["sku"]!["name"]));
        Assert.True(plan["properties"]!["reserved"]!.GetValue<bool>());
        Assert.Equal("functionapp,linux", Deployment.Text(app["kind"]));
        Assert.Equal(name == "signedin" ? ("dotnet-isolated", "10.0") : ("custom", "1.0"), (Deployment.Text(configuration["runtime"]!["name"]), Deployment.Text(configuration["runtime"]!["version"])));
        Assert.Equal("UserAssignedIdentity", Deployment.Text(configuration["deployment"]!["storage"]!["authentication"]!["type"]));
        Assert.EndsWith("deployments", Deployment.Text(configuration["deployment"]!["storage"]!["value"]).Split('\'')[1], StringComparison.Ordinal);
        // The package says the same.
        Assert.Equal("Clv.Functions", Deployment.Text(JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Folder, "host.json")))!["customHandler"]!["description"]!["defaultExecutablePath"]));
        // This plan refuses both; the first belongs into functionAppConfig.
        Assert.DoesNotContain("FUNCTIONS_WORKER_RUNTIME", deployments[name].AppSettings.Keys);
        Assert.DoesNotContain("WEBSITE_RUN_FROM_PACKAGE", deployments[name].AppSettings.Keys);
    }

    [Fact]
    public void Instances_AreWarmInProductionAlone()
    {
        Assert.Empty(Scale(deployments.Dev)["alwaysReady"]!.AsArray());
        var warm = Assert.Single(Scale(deployments.Production)["alwaysReady"]!.AsArray())!;
        Assert.Equal(("http", 1), (Deployment.Text(warm["name"]), warm["instanceCount"]!.GetValue<int>()));
        Assert.All(deployments.All, static deployment => Assert.Equal(2048, Scale(deployment)["instanceMemoryMB"]!.GetValue<int>()));
        Assert.All(deployments.All, static deployment => Assert.InRange(Scale(deployment)["maximumInstanceCount"]!.GetValue<int>(), 40, 1000));

        static JsonNode Scale(Deployment deployment) => deployment.One("Microsoft.Web/sites")["properties"]!["functionAppConfig"]!["scaleAndConcurrency"]!;
    }

    [Fact]
    public void SignIn_HasStrangersSignIn_ButNotWhoAsksForHealth()
    {
        var settings = deployments.WithSignIn.One("Microsoft.Web/sites/config", "authsettingsV2")["properties"]!;
        Assert.True(settings["platform"]!["enabled"]!.GetValue<bool>());
        Assert.True(settings["globalValidation"]!["requireAuthentication"]!.GetValue<bool>());
        Assert.Equal("RedirectToLoginPage", Deployment.Text(settings["globalValidation"]!["unauthenticatedClientAction"]));
        Assert.Equal("azureactivedirectory", Deployment.Text(settings["globalValidation"]!["redirectToProvider"]));
        Assert.Equal(["/api/healthz"], settings["globalValidation"]!["excludedPaths"]!.AsArray().Select(Deployment.Text));
        Assert.Equal("AppService", deployments.WithSignIn.AppSettings["Clv__Access"]);
        Assert.All((Deployment[])[deployments.Dev, deployments.WithEverything], static deployment => Assert.Equal(["appsettings"], deployment.Names("Microsoft.Web/sites/config")));
    }

    // Two writes of an app's configuration at once can meet.
    [Fact]
    public async Task WhatBelongsToTheApp_IsWrittenOneAfterTheOther()
    {
        using var bicep = new Bicep();
        var template = JsonNode.Parse((await bicep.RunAsync("build", "modules/app.bicep", "--stdout")).Result)!;
        var below = template["resources"]!.AsObject().Where(static resource => Deployment.Text(resource.Value!["type"]).StartsWith("Microsoft.Web/sites/", StringComparison.Ordinal))
            .ToDictionary(static resource => resource.Key, static resource => resource.Value!["dependsOn"]!.AsArray().Select(Deployment.Text).ToHashSet());

        Assert.Equal(4, below.Count);
        var before = below.Select(each => each.Value.Where(below.ContainsKey).ToList()).ToList();
        Assert.Single(before, static each => each.Count == 0);
        // Each of the others waits for another one: a chain.
        Assert.Equal(3, before.SelectMany(static each => each).Distinct().Count());
        Assert.All(before, static each => Assert.InRange(each.Count, 0, 1));
    }

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void TheHost_HasNoPageOfItsOwn(string name) => Assert.Equal("true", deployments[name].AppSettings["AzureWebJobsDisableHomepage"]);

    // The app's instances in several data centres are billed all the time, so whoever wants them says so; where the data are cannot be changed later.
    [Theory]
    [InlineData("dev", "Standard_LRS", false)]
    [InlineData("production", "Standard_ZRS", false)]
    [InlineData("walled", "Standard_ZRS", true)]
    public void DataCentres_AreSeveral_ForTheDataOrForAll(string name, string storage, bool app)
    {
        Assert.Equal(storage, Deployment.Text(deployments[name].One("Microsoft.Storage/storageAccounts")["sku"]!["name"]));
        Assert.Equal(app, deployments[name].One("Microsoft.Web/serverfarms")["properties"]!["zoneRedundant"]!.GetValue<bool>());
    }

    // What the services take: a vault 24 characters without two hyphens in a row, storage 24 letters and digits, and of an app's name the host tells 32 apart.
    [Theory]
    [InlineData("clv", "test-eu")]
    [InlineData("customer", "stagelong")]
    [InlineData("c-v-x-y", "a-b-c-d-e")]
    public async Task Names_AreTakenByTheirServices(string product, string stage)
    {
        using var bicep = new Bicep();
        bicep.Write("named.bicepparam", $"using 'main.bicep'\nparam name = '{product}'\nparam stage = '{stage}'\n");
        var deployment = await bicep.DeployAsync("named.bicepparam");

        Assert.Matches("^[a-z](?:-?[a-z0-9])+$", Name("Microsoft.KeyVault/vaults"));
        Assert.InRange(Name("Microsoft.KeyVault/vaults").Length, 3, 24);
        Assert.Matches("^[a-z0-9]{3,24}$", Name("Microsoft.Storage/storageAccounts"));
        Assert.Matches("^[a-z](?:-?[a-z0-9])+$", Name("Microsoft.Web/sites"));
        Assert.InRange(Name("Microsoft.Web/sites").Length, 2, 32);

        string Name(string type) => Deployment.Text(deployment.One(type)["name"]);
    }

    [Fact]
    public void PublicNetwork_HasNone_AndNoFirewall()
    {
        Assert.DoesNotContain(deployments.Dev.Resources, static resource => Deployment.Text(resource["type"]).StartsWith("Microsoft.Network/", StringComparison.Ordinal));
        Assert.Equal("Allow", Deployment.Text(deployments.Dev.One("Microsoft.Storage/storageAccounts")["properties"]!["networkAcls"]!["defaultAction"]));
    }

    [Fact]
    public void Firewall_LetsInTheAppsSubnetAndTheRanges()
    {
        var subnet = Deployment.Text(deployments.WithSignIn.One("Microsoft.Web/sites")["properties"]!["virtualNetworkSubnetId"]);
        foreach (var type in (string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"])
        {
            var rules = deployments.WithSignIn.One(type)["properties"]!["networkAcls"]!;
            Assert.Equal("Deny", Deployment.Text(rules["defaultAction"]));
            Assert.Equal("None", Deployment.Text(rules["bypass"]));
            Assert.Equal(subnet, Deployment.Text(Assert.Single(rules["virtualNetworkRules"]!.AsArray())!["id"]));
            Assert.Equal("198.51.100.0/24", Deployment.Text(Assert.Single(rules["ipRules"]!.AsArray())!["value"]));
        }

        var app = deployments.WithSignIn.One("Microsoft.Web/sites")["properties"]!["siteConfig"]!;
        Assert.Equal("Deny", Deployment.Text(app["ipSecurityRestrictionsDefaultAction"]));
        Assert.Equal("203.0.113.0/24", Deployment.Text(Assert.Single(app["ipSecurityRestrictions"]!.AsArray())!["ipAddress"]));
        Assert.Empty(deployments.WithSignIn.Of("Microsoft.Network/privateEndpoints"));
    }

    [Fact]
    public void PrivateNetwork_HasAnEndpointAndAZoneForEachService_AndNothingElseIsOpen()
    {
        var network = deployments.WithEverything;
        var app = Deployment.Text(network.One("Microsoft.Network/virtualNetworks")["properties"]!["subnets"]![0]!["properties"]!["delegations"]![0]!["properties"]!["serviceName"]);
        Assert.Equal("Microsoft.App/environments", app);
        Assert.Equal(
            ["blob", "queue", "sites", "table", "vault"],
            network.Of("Microsoft.Network/privateEndpoints").Select(static endpoint => Deployment.Text(endpoint["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!["groupIds"]![0])).Order());
        Assert.Equal(
            [Storage("blob"), Storage("queue"), Storage("table"), "privatelink.vaultcore.azure.net", "privatelink.azurewebsites.net"],
            network.Names("Microsoft.Network/privateDnsZones"));
        Assert.Equal(5, network.Of("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        Assert.Equal(5, network.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());
        Assert.All(
            (string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Microsoft.Web/sites"],
            type => Assert.Equal("Disabled", Deployment.Text(network.One(type)["properties"]!["publicNetworkAccess"])));
        // Nobody outside could look at it.
        Assert.Empty(network.Of("Microsoft.Insights/webtests"));

        // The cloud's own ending is known where it is deployed alone.
        static string Storage(string service) => $"[format('privatelink.{{0}}.{{1}}', '{service}', environment().suffixes.storage)]";
    }

    // Production's: people reach the app from anywhere, and the app storage and vault by their addresses in the network.
    [Fact]
    public void PrivateNetwork_OfAnAppThatIsNot_HasNoEndpointForIt()
    {
        var network = deployments.Production;
        Assert.Equal(
            ["blob", "queue", "table", "vault"],
            network.Of("Microsoft.Network/privateEndpoints").Select(static endpoint => Deployment.Text(endpoint["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!["groupIds"]![0])).Order());
        Assert.Empty(network.One("Microsoft.Network/virtualNetworks")["properties"]!["subnets"]![0]!["properties"]!["serviceEndpoints"]!.AsArray());
        Assert.Equal(
            ["Disabled", "Disabled", "Enabled"],
            ((string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Microsoft.Web/sites"]).Select(type => Deployment.Text(network.One(type)["properties"]!["publicNetworkAccess"])));
        Assert.Single(network.Of("Microsoft.Insights/webtests"));
    }

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void Resources_SayWhoseTheyAre(string name) => Assert.All(
        deployments[name].Resources.Where(static resource => resource["location"] is not null),
        resource => Assert.Equal(("clv-functions", Stage(name)), (Deployment.Text(resource["tags"]!["product"]), Deployment.Text(resource["tags"]!["stage"]))));

    private static string Stage(string name) => name == "production" ? "prod" : name;
}
