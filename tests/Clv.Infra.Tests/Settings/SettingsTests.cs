using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clv.Functions;
using Clv.Functions.Tests.Rig;
using Microsoft.Extensions.Configuration;

namespace Clv.Infra.Tests.Settings;

/// <summary>Every app setting that the code reads is in the sample, in the template and in the documents, and there is none that it does not read.</summary>
public sealed partial class SettingsTests(Deployments deployments)
{
    [Fact]
    public async Task Settings_AreTheSameEverywhere()
    {
        var books = await ReadAsync();

        Assert.Empty(books.Differences());
        // What must be there for the comparison to mean anything.
        Assert.Superset(new HashSet<string> { "AzureWebJobsStorage", "Clv:HashKey", "Clv:Schedule", "Clv:Access", "Clv:ApiKeys:Operator", "Clv:Partitions" }, books.Program.ToHashSet());
    }

    [Fact]
    public async Task AMissingOrSpareSetting_IsNoticed_WhereverItIs()
    {
        var books = await ReadAsync();
        foreach (var name in books.Program.Where(static name => name.StartsWith("Clv:", StringComparison.Ordinal)).Append("AzureWebJobsStorage"))
        {
            Assert.Equal([$"{name} is read, but local.settings.sample.json does not have it."], (books with { Sample = Without(books.Sample, name) }).Differences());
            Assert.Equal([$"{name} is read, but infra/main.bicep does not have it."], (books with { Template = Without(books.Template, name) }).Differences());
            Assert.Single((books with { Documented = Without(books.Documented, name) }).Differences());
            Assert.Equal(3, (books with { Program = Without(books.Program, name) }).Differences().Count());
        }

        const string Spare = "Clv:Colour";
        Assert.Equal(["local.settings.sample.json has Clv:Colour, but nobody reads it."], (books with { Sample = With(books.Sample, Spare) }).Differences());
        Assert.Equal(["infra/main.bicep has Clv:Colour, but nobody reads it."], (books with { Template = With(books.Template, Spare) }).Differences());
        Assert.Equal(3, (books with { Program = With(books.Program, Spare) }).Differences().Count());
        Assert.Equal(["infra/main.bicep has SOMEBODYS_SETTING, but nobody reads it."], (books with { Template = With(books.Template, "SOMEBODYS_SETTING") }).Differences());

        static HashSet<string> Without(IReadOnlySet<string> names, string name) => [.. names.Where(each => each != name)];
        static HashSet<string> With(IReadOnlySet<string> names, string name) => [.. names, name];
    }

    // What stands in the sample stands in the template for development too, but for what is secret or an identity's.
    [Fact]
    public async Task Sample_HasTheValuesOfDevelopment()
    {
        var program = await ProgramSettings.ObserveAsync();
        var template = deployments.Dev.AppSettings.ToLookup(setting => program.Canonical(setting.Key), static setting => setting.Value);
        foreach (var (name, value) in Sample().Where(static setting =>
            setting.Key.StartsWith("Clv:", StringComparison.Ordinal) && setting.Key != "Clv:HashKey" && !setting.Key.StartsWith("Clv:ApiKeys:", StringComparison.Ordinal)))
        {
            Assert.Equal((name, value), (name, Assert.Single(template[name])));
        }
    }

    [Fact]
    public void Template_HasTheProductsDefaults()
    {
        var hashKey = KeyValuePair.Create("Clv:HashKey", (string?)"a key of these tests alone, long enough to be one");
        var template = deployments.WithSignIn.AppSettings.Where(static setting => setting.Key.StartsWith("Clv__", StringComparison.Ordinal) && setting.Key != "Clv__HashKey")
            .Select(static setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value));

        Assert.Equal(Options([hashKey]), Options([.. template, hashKey]));

        static ClvOptions Options(IEnumerable<KeyValuePair<string, string?>> settings) =>
            ClvOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()) with { HashKey = default };
    }

    // What is read past the configuration could not be observed.
    [Theory]
    [InlineData("Clv.Functions")]
    [InlineData("Clv.Core")]
    public void Environment_IsReadThroughTheConfigurationAlone(string room)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{room}.dll")));
        var metadata = file.GetMetadataReader();
        var called = metadata.MemberReferences.Select(handle => metadata.GetString(metadata.GetMemberReference(handle).Name)).ToList();

        Assert.NotEmpty(called);
        Assert.DoesNotContain("GetEnvironmentVariable", called);
        Assert.DoesNotContain("GetEnvironmentVariables", called);
    }

    private static Dictionary<string, string> Sample() => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Folder, "local.settings.sample.json")))!["Values"]!.AsObject()
        .ToDictionary(static setting => setting.Key, static setting => setting.Value!.GetValue<string>(), StringComparer.Ordinal);

    private async Task<SettingsBooks> ReadAsync()
    {
        var program = await ProgramSettings.ObserveAsync();
        return new SettingsBooks(
            program.Names,
            Canonical(Sample().Keys),
            Canonical(deployments.All.SelectMany(static deployment => deployment.AppSettings.Keys)),
            Canonical(((string[])["docs/settings.md", "README.md"]).Select(static file => Path.Combine(Repository.Folder, file)).Where(File.Exists).SelectMany(static file => Documented(File.ReadAllText(file)))));

        HashSet<string> Canonical(IEnumerable<string> names) => names.Select(program.Canonical).ToHashSet(StringComparer.Ordinal);
    }

    // The first column of a table whose head says so. `:Analyst` after `Clv:ApiKeys:Agent` is short for Clv:ApiKeys:Analyst.
    private static IEnumerable<string> Documented(string document)
    {
        var inTable = false;
        foreach (var line in document.Split('\n'))
        {
            inTable = line.StartsWith("| setting |", StringComparison.OrdinalIgnoreCase) || (inTable && line.StartsWith('|'));
            var last = "";
            foreach (Match name in inTable ? Quoted().Matches(line.Split('|')[1]) : Enumerable.Empty<Match>())
            {
                last = name.Groups["name"].Value is [':', ..] part ? $"{last[..last.LastIndexOf(':')]}{part}" : name.Groups["name"].Value;
                yield return last;
            }
        }
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
