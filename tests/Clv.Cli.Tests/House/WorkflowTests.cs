using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Clv.Cli.Tests.House;

/// <summary>What GitHub reads is well formed, and the workflow does what it may and no more.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> YamlFiles =>
        [.. Directory.EnumerateFiles(Path.Combine(Commands.Clv.Repository, ".github"), "*.yml", SearchOption.AllDirectories).Select(static file => Path.GetRelativePath(Commands.Clv.Repository, file))];

    [Theory]
    [MemberData(nameof(YamlFiles))]
    public void File_OfGitHub_IsYaml(string file) => Assert.NotEmpty(Parse(file).Children);

    [Fact]
    public void Workflow_RunsCiWithPinnedActionsAndReadsAlone()
    {
        var workflow = Parse(".github/workflows/ci.yml");

        var permission = Assert.Single(Map(workflow, "permissions").Children);
        Assert.Equal(("contents", "read"), (Text(permission.Key), Text(permission.Value)));
        Assert.DoesNotContain("pull_request_target", Map(workflow, "on").Children.Keys.Select(Text));
        foreach (var (_, job) in Map(workflow, "jobs"))
        {
            var of = (YamlMappingNode)job;
            Assert.False(of.Children.ContainsKey("permissions"));
            Assert.InRange(int.Parse(Text(of["timeout-minutes"]), System.Globalization.CultureInfo.InvariantCulture), 1, 120);
            Assert.Matches(@"^ubuntu-\d\d\.\d\d$", Text(of["runs-on"]));
        }

        var steps = ((YamlSequenceNode)Map(Map(workflow, "jobs"), "test")["steps"]).Cast<YamlMappingNode>().ToList();
        Assert.Single(steps, static step => step.Children.TryGetValue("run", out var run) && Text(run) == ".ci/run");
        // The runner is not root, whom the sandbox needs, so the tests that .ci/run skipped there come after it.
        var sandbox = steps.FindIndex(static step => step.Children.TryGetValue("run", out var run) && Text(run).Contains("SandboxTests", StringComparison.Ordinal));
        Assert.True(sandbox > steps.FindIndex(static step => step.Children.TryGetValue("run", out var run) && Text(run) == ".ci/run"));
        Assert.Contains("sudo -E", Text(steps[sandbox]["run"]), StringComparison.Ordinal);
        // What comes from outside, such as a branch's name, is no part of a script.
        Assert.All(steps.Where(static step => step.Children.ContainsKey("run")), static step => Assert.DoesNotContain("${{", Text(step["run"]), StringComparison.Ordinal));
        var checkout = steps.Single(static step => step.Children.TryGetValue("uses", out var uses) && Text(uses).StartsWith("actions/checkout@", StringComparison.Ordinal));
        Assert.Equal("false", Text(Map(checkout, "with")["persist-credentials"]));
    }

    [Fact]
    public void Actions_ArePinnedByCommitWithTheirVersionBehind()
    {
        var uses = File.ReadLines(Path.Combine(Commands.Clv.Repository, ".github", "workflows", "ci.yml")).Where(static line => line.Contains("uses:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, static line => Assert.Matches(Pinned(), line));
    }

    [Fact]
    public void Forms_OfIssues_HaveFieldsWithNamesAndLabels()
    {
        foreach (var file in (string[])["bug.yml", "idea.yml"])
        {
            var form = Parse($".github/ISSUE_TEMPLATE/{file}");
            Assert.NotEmpty(Text(form["name"]));
            Assert.NotEmpty(Text(form["description"]));
            var fields = ((YamlSequenceNode)form["body"]).Cast<YamlMappingNode>().Where(static field => Text(field["type"]) != "markdown").ToList();
            Assert.All(fields, static field => Assert.Contains(Text(field["type"]), (string[])["textarea", "input", "dropdown", "checkboxes"]));
            Assert.All(fields, static field => Assert.NotEmpty(Text(Map(field, "attributes")["label"])));
            Assert.Equal(fields.Count, fields.Select(static field => Text(field["id"])).Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Fact]
    public void Dependabot_LooksAfterEverythingThatHasVersions() => Assert.Equal(
        ["docker", "docker-compose", "github-actions", "nuget"],
        ((YamlSequenceNode)Parse(".github/dependabot.yml")["updates"]).Select(static update => Text(((YamlMappingNode)update)["package-ecosystem"])).Order(StringComparer.Ordinal));

    private static YamlMappingNode Parse(string file)
    {
        using var reader = File.OpenText(Path.Combine(Commands.Clv.Repository, file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    [GeneratedRegex(@"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", RegexOptions.None, 1000)]
    private static partial Regex Pinned();
}
