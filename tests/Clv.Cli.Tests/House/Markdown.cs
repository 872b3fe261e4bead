using System.Text.RegularExpressions;

namespace Clv.Cli.Tests.House;

/// <summary>The repository's documents: their commands and their links.</summary>
internal static partial class Markdown
{
    /// <summary>Every document that people read, by its path from the repository's top.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Commands.Clv.Repository, "*.md")
            .Concat(((string[])["docs", "infra", ".github"]).SelectMany(static folder =>
                Directory.EnumerateFiles(Path.Combine(Commands.Clv.Repository, folder), "*.md", SearchOption.AllDirectories)))
            .Select(static file => Path.GetRelativePath(Commands.Clv.Repository, file))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Commands.Clv.Repository, file));

    /// <summary>The lines of a document's shell blocks, without comments and empty ones.</summary>
    public static IReadOnlyList<string> ShellLines(string text) =>
    [
        .. ShellBlock().Matches(text)
            .SelectMany(static block => block.Groups["lines"].Value.Split('\n'))
            .Select(static line => Comment().Replace(line, "").Trim())
            .Where(static line => line.Length > 0),
    ];

    /// <summary>What stands in code within a line, and lines that are indented as code.</summary>
    public static IEnumerable<string> Code(string text) =>
        InlineCode().Matches(text).Select(static code => code.Groups["code"].Value.ReplaceLineEndings(" "))
            .Concat(IndentedCode().Matches(text).Select(static code => code.Groups["code"].Value));

    /// <summary>What links and pictures lead to, but for addresses elsewhere.</summary>
    public static IEnumerable<string> Links(string text) =>
        Link().Matches(text).Select(static link => link.Groups["target"].Value).Where(static target => !target.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex("^```(?:sh|bash)\n(?<lines>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"(^|\s)# .*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("(?<!`)`(?<code>[^`]+)`(?!`)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("^    (?<code>(clv|dotnet) .*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IndentedCode();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
