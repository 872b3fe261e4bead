using System.Text.RegularExpressions;
using Clv.Functions.Tests.Rig;

namespace Clv.Infra.Tests;

/// <summary>The way from an empty subscription: each command has what it needs from those before it.</summary>
public sealed partial class GuideTests
{
    private const string Me = "66666666-6666-6666-6666-666666666666";

    private static readonly string Readme = File.ReadAllText(Path.Combine(Bicep.Source.FullName, "README.md"));

    // The secret and the extract come from whoever deploys, who has a role for each and is let in; and alarms are heard.
    [Theory]
    [InlineData("dev.bicepparam")]
    [InlineData("production.bicepparam")]
    public async Task AFileOfOnesOwn_LetsInWhoeverDeploys(string environment)
    {
        using var bicep = new Bicep();
        Assert.Equal("dev.bicepparam", OwnFile().Match(Readme).Groups["environment"].Value);
        var isClosed = environment == "production.bicepparam";
        bicep.Write("own.bicepparam", $"{bicep.Read(environment)}{OwnFile().Match(Readme).Groups["parameters"].Value.Replace("$ME", Me, StringComparison.Ordinal)}{(isClosed ? Ranges().Match(Readme).Value : "")}\n");

        var deployment = await bicep.DeployAsync("own.bicepparam");

        Assert.Equal(
            ["Key Vault Secrets Officer", "Storage Blob Data Contributor"],
            deployment.Of("Microsoft.Authorization/roleAssignments").Where(static role => Deployment.Text(role["properties"]!["principalId"]) == Me)
                .Select(static role => Deployment.Text(role["properties"]!["description"])).Order());
        Assert.Single(deployment.Of("Microsoft.Insights/actionGroups"));
        foreach (var type in (string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"])
        {
            var properties = deployment.One(type)["properties"]!;
            Assert.Equal("Enabled", Deployment.Text(properties["publicNetworkAccess"]));
            Assert.Equal(isClosed ? "Deny" : "Allow", Deployment.Text(properties["networkAcls"]!["defaultAction"]));
            Assert.Equal(isClosed ? 1 : 0, properties["networkAcls"]!["ipRules"]!.AsArray().Count);
        }
    }

    // One that leaves out what the first had would take the alarms from whoever hears them.
    [Fact]
    public void EveryDeployment_IsOfTheSameFile()
    {
        var files = ParameterFile().Matches(Readme).Select(static file => file.Groups["file"].Value).ToList();

        Assert.Equal(4, files.Count);
        Assert.All(files, static file => Assert.Equal("own.bicepparam", file));
    }

    [Fact]
    public void Outputs_OfTheCommands_AreTheTemplates()
    {
        var template = File.ReadAllText(Path.Combine(Bicep.Source.FullName, "main.bicep"));
        var used = ((string[])["infra/README.md", "docs/deploy.md", "docs/access.md"]).SelectMany(static file => Output().Matches(File.ReadAllText(Path.Combine(Repository.Folder, file))))
            .Select(static output => output.Groups["name"].Value).ToHashSet();

        Assert.Superset(new HashSet<string> { "appName", "appUrl", "storageName", "vaultName", "workspaceId" }, used);
        Assert.All(used, name => Assert.Contains($"\noutput {name} string =", template, StringComparison.Ordinal));
    }

    // A timer that the platform was not told of never fires.
    [Fact]
    public void ThePlatform_IsToldOfEveryFunction()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "deploy.md"));

        Assert.Contains($"if [ \"$(functions | wc -l)\" -ge {FunctionFiles.Functions.Count} ]; then break; fi", guide, StringComparison.Ordinal);
        Assert.Equal(Sync().Match(guide).Value, Sync().Match(Readme).Value);
        Assert.NotEmpty(Sync().Match(guide).Value);
    }

    [Fact]
    public void TheCommandForTheApi_IsTheOperators()
    {
        var operators = Api().Match(File.ReadAllText(Path.Combine(Repository.Folder, "docs", "operations.md")));

        Assert.True(operators.Success);
        Assert.Contains(operators.Value, File.ReadAllText(Path.Combine(Repository.Folder, "docs", "deploy.md")), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^cat infra/(?<environment>[a-z.]+) - > infra/own\.bicepparam <<END\n(?<parameters>.*?)^END$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex OwnFile();

    [GeneratedRegex(@"param dataIpRanges = \[[^\]]+\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ranges();

    [GeneratedRegex(@"--parameters \S*?infra/(?<file>\S+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ParameterFile();

    [GeneratedRegex(@"\$\(output (?<name>\w+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Output();

    [GeneratedRegex(@"az rest --method post --url ""[^\n]+/host/default/sync\?api-version=[0-9-]+"" --output none", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sync();

    [GeneratedRegex(@"^api\(\) \{\n.*?^\}\n", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Api();
}
