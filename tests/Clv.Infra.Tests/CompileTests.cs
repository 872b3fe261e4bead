using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Clv.Infra.Tests;

/// <summary>The real compiler has nothing to find fault with.</summary>
public sealed partial class CompileTests
{
    // With its modules; what a file of parameters makes of it is compiled by the other tests.
    [Theory]
    [InlineData("build", "main.bicep")]
    [InlineData("build-params", "dev.bicepparam")]
    [InlineData("build-params", "production.bicepparam")]
    public async Task Templates_Compile_WithoutAWord(string command, string file)
    {
        using var bicep = new Bicep();

        var (exitCode, result, complaints) = await bicep.RunAsync(command, file, "--stdout");

        Assert.True(exitCode == 0 && complaints.Length == 0, complaints);
        Assert.StartsWith("{", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_HaveTheCompilersFormat()
    {
        using var bicep = new Bicep();
        Assert.Equal((0, ""), await FormatAsync("**/*.bicep"));
        Assert.Equal((0, ""), await FormatAsync("**/*.bicepparam"));

        Assert.Contains("main.bicep", bicep.Files);
        Assert.All(bicep.Files, file => Assert.Equal(File.ReadAllText(Path.Combine(Bicep.Source.FullName, file)), bicep.Read(file)));

        async Task<(int, string)> FormatAsync(string pattern)
        {
            var (exitCode, _, complaints) = await bicep.RunAsync("format", "--pattern", pattern);
            return (exitCode, complaints);
        }
    }

    // What is changed in which file, and what the compiler calls it.
    [Theory]
    [InlineData("modules/storage.bicep", "allowSharedKeyAccess:", "allowSharedKeysAccess:", "BCP089")]
    [InlineData("modules/app.bicep", "httpsOnly: true", "httpsOnly: 'yes'", "BCP036")]
    [InlineData("modules/identity.bicep", "location: location", "location: 'westeurope'", "no-unused-params")]
    [InlineData("modules/vault.bicep", "param workspaceId string", "param workspaceId string\n\nparam nobodysKey string", "no-unused-params")]
    [InlineData("dev.bicepparam", "TimeZone:", "Timezone:", "BCP089")]
    public async Task AMistake_IsAnErrorOfTheBuild(string file, string text, string mistake, string code)
    {
        using var bicep = new Bicep();
        Assert.Contains(text, bicep.Read(file), StringComparison.Ordinal);
        bicep.Write(file, bicep.Read(file).Replace(text, mistake, StringComparison.Ordinal));

        var (_, _, complaints) = file.EndsWith(".bicepparam", StringComparison.Ordinal)
            ? await bicep.RunAsync("build-params", file, "--stdout")
            : await bicep.RunAsync("build", "main.bicep", "--stdout");

        Assert.Contains(code, complaints, StringComparison.Ordinal);
    }

    // What contradicts itself is refused before anything is made.
    [Theory]
    [InlineData("param access = 'AppService'", "signInClientId")]
    [InlineData("param privateApp = true", "privateApp needs network Private")]
    public async Task Parameters_ThatContradictEachOther_AreRefused(string parameter, string named)
    {
        using var bicep = new Bicep();
        bicep.Write("wrong.bicepparam", $"using 'main.bicep'\nparam stage = 'wrong'\n{parameter}\n");

        var (exitCode, result, complaints) = await bicep.RunAsync(
            "snapshot", "wrong.bicepparam", "--mode", "overwrite", "--subscription-id", Deployment.Subscription, "--tenant-id", Deployment.Tenant, "--resource-group", "clv", "--location", "westeurope");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(named, result + complaints, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_AreInTheReadme_AndNoOthers()
    {
        using var bicep = new Bicep();
        var template = JsonNode.Parse((await bicep.RunAsync("build", "main.bicep", "--stdout")).Result)!;
        var options = Option().Matches(File.ReadAllText(Path.Combine(Bicep.Source.FullName, "README.md")).Split("## Options")[1].Split("| `network` | storage")[0])
            .SelectMany(static row => Quoted().Matches(row.Groups["names"].Value)).Select(static name => name.Groups["name"].Value);

        Assert.Equal(template["parameters"]!.AsObject().Select(static parameter => parameter.Key).Order(), options.Order());
        Assert.All(template["parameters"]!.AsObject(), static parameter => Assert.True(parameter.Value!["metadata"] is not null || parameter.Key == "location", parameter.Key));
    }

    [Fact]
    public void WhatIsCompiled_IsNotKeptBesideItsSource() =>
        Assert.DoesNotContain(
            Bicep.Source.EnumerateFiles("*.json", SearchOption.AllDirectories),
            static file => File.ReadAllText(file.FullName).Contains("schema.management.azure.com", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| (?<names>`[^|]+) \|", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Option();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
