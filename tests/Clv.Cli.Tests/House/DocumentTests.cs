using System.CommandLine;
using System.Text.RegularExpressions;
using Clv.Cli.Commands;

namespace Clv.Cli.Tests.House;

/// <summary>What documents name is there: commands and their options, files, headings.</summary>
public sealed partial class DocumentTests
{
    // Those that the documents need; one that is mistyped is none of them.
    private static readonly string[] DotnetOptions =
    [
        "-c", "-r", "-o", "-q", "--self-contained", "--project", "--filter", "--no-build", "--no-restore", "--force-evaluate", "--locked-mode", "--verify-no-changes", "--version",
        "--logger", "--results-directory", "--include", "--artifacts-path",
    ];

    public static TheoryData<string> Documents => [.. Markdown.Files];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_OfADocument_HaveTheOptionsThatTheyAreGiven(string document)
    {
        var text = Markdown.Read(document);
        foreach (var line in Markdown.ShellLines(text).Concat(Markdown.Code(text)))
        {
            if (ClvLine().Match(line) is { Success: true } clv)
            {
                CheckClv(clv.Groups["arguments"].Value, $"{document}: {line}");
            }
            else if (DotnetLine().Match(line) is { Success: true } dotnet)
            {
                var arguments = dotnet.Groups["arguments"].Value.Split(" -- ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                Assert.All(arguments.Where(static a => a.StartsWith('-')), option => Assert.True(IsDotnetOption(option), $"{document}: {line} has {option}"));
                Assert.All(arguments.Where(static a => a.StartsWith("src/", StringComparison.Ordinal) || a.StartsWith("tests/", StringComparison.Ordinal)), path =>
                    Assert.True(Path.Exists(Path.Combine(Commands.Clv.Repository, path)), $"{document}: {line} has {path}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_LeadSomewhere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Commands.Clv.Repository, document))!;
        foreach (var link in Markdown.Links(Markdown.Read(document)))
        {
            var parts = link.Split('#', 2);
            var target = parts[0].Length == 0 ? Path.Combine(Commands.Clv.Repository, document) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            Assert.True(Path.Exists(target), $"{document} leads to {link}, which is not there.");
            if (parts.Length == 2)
            {
                Assert.True(
                    Heading().Matches(File.ReadAllText(target)).Any(heading => Anchor(heading.Groups["title"].Value) == parts[1]), $"{document} leads to {link}: there is no such heading.");
            }
        }
    }

    [Fact]
    public void Paths_OfContributing_AreThere()
    {
        var paths = Markdown.Code(Markdown.Read("CONTRIBUTING.md")).Where(static code => SomePath().IsMatch(code)).ToList();

        Assert.True(paths.Count >= 30);
        Assert.All(paths, static path => Assert.True(Path.Exists(Path.Combine(Commands.Clv.Repository, path)), $"CONTRIBUTING.md names {path}, which is not there."));
    }

    [Fact]
    public void Decisions_OfTheirList_AreAllOfThem() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(Commands.Clv.Repository, "docs", "decisions"), "0*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal),
        Markdown.Links(Markdown.Read("docs/decisions/README.md")).Order(StringComparer.Ordinal));

    private static void CheckClv(string text, string where)
    {
        // What follows a pipe or a redirection is the shell's.
        var arguments = text.Split(['|', '>', '<', ';', '&'])[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Command command = ClvCommand.Create();
        foreach (var argument in arguments)
        {
            if (argument.StartsWith('-'))
            {
                var name = argument.Split('=')[0];
                Assert.True(
                    command.Options.Concat(ClvCommand.Create().Options.Where(static option => option.Recursive)).Any(option => option.Name == name || option.Aliases.Contains(name)),
                    $"{where}: {command.Name} has no option {name}.");
            }
            else if (command is RootCommand)
            {
                command = command.Subcommands.SingleOrDefault(sub => sub.Name == argument) ?? throw new Xunit.Sdk.XunitException($"{where}: there is no command {argument}.");
            }
        }
    }

    private static bool IsDotnetOption(string option) => DotnetOptions.Contains(option.Split('=')[0]) || option.StartsWith("-p:", StringComparison.Ordinal) || option == "--";

    private static string Anchor(string heading) => NoAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^(?:clv|dotnet run --project src/Clv\.Cli(?: -c Release)? --) (?<arguments>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClvLine();

    [GeneratedRegex("^(?:[A-Z_]+=[^ ]+ )*dotnet (?<arguments>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DotnetLine();

    [GeneratedRegex("^#+ (?<title>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, 1000)]
    private static partial Regex NoAnchor();

    [GeneratedRegex(@"^(?:src|tests|docs|infra)(?:/[\w.-]+)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SomePath();
}
