using System.Text.RegularExpressions;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Api;

public sealed partial class DeskTests
{
    private static readonly string Folder = Path.Combine(NightRig.AppFolder, "wwwroot");

    public static TheoryData<string> Pages => ["index.html", "portfolio.html"];

    [Fact]
    public async Task Desk_ThroughTheHost_ServesEveryFileAndLetsNothingElseIn()
    {
        await using var rig = await NightRig.StartAsync();

        foreach (var file in Files().Append(""))
        {
            using var answer = await rig.Api.GetAsync(file);

            Assert.True(answer.IsSuccessStatusCode, file);
            Assert.Equal(
                Path.GetExtension(file) switch { ".js" => "text/javascript", ".css" => "text/css", _ => "text/html" },
                answer.Content.Headers.ContentType?.MediaType);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ");
            Assert.Equal(
                ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
                policy);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }

        // The root is the agent's page.
        Assert.Equal(Read("index.html"), await rig.Api.GetStringAsync(""));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_UnderItsPolicy_HasNothingInline(string page)
    {
        var html = Read(page);

        Assert.DoesNotMatch(Handler(), html);
        Assert.DoesNotContain("style", html.Replace("rel=\"stylesheet\"", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.All(Script().Matches(html), static script => Assert.Matches("""^<script src="[a-z]+\.js" type="module"></script>$""", script.Value));
    }

    [Fact]
    public void Scripts_OfBothPages_WriteDataAsTextOnly()
    {
        foreach (var script in Files().Where(static file => file.EndsWith(".js", StringComparison.Ordinal)))
        {
            Assert.DoesNotMatch(Markup(), Read(script));
        }
    }

    [Fact]
    public void Files_FromThePagesOn_AreAllReferencedAndThere()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(["index.html"]);
        while (open.TryPop(out var file))
        {
            if (found.Add(file))
            {
                foreach (Match reference in Reference().Matches(Read(file)))
                {
                    open.Push(reference.Groups["file"].Value);
                }
            }
        }

        Assert.Equal(Files().Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void Words_OfCodes_AreThoseOfTheApi()
    {
        var words = Read("words.js");

        foreach (var wording in Wording.Languages.Select(Wording.Of))
        {
            Assert.All(Enum.GetValues<RelationshipPhase>(), phase => Has(Codes.Of(phase), wording.Phase(phase)));
            Assert.All(Enum.GetValues<ValueTier>(), tier => Has(Codes.Of(tier), wording.Tier(tier)));
            Assert.All(Enum.GetValues<ActionKind>(), action => Has(Codes.Of(action), wording.Title(action)));
        }

        Assert.All(Enum.GetValues<PortfolioNote>(), note => Assert.Equal(Wording.Languages.Count, Regex.Count(words, $@"\b{Codes.Of(note)}:")));
        Assert.All(Enum.GetValues<ScenarioLever>(), lever => Assert.Equal(Wording.Languages.Count, Regex.Count(words, $@"\b{Codes.Of(lever)}: \[")));

        void Has(string code, string label) => Assert.Contains($"{code}: '{label}'", words, StringComparison.Ordinal);
    }

    // The build lays compressed copies beside the files.
    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Folder).Select(static path => Path.GetFileName(path)).Where(static file => !file.EndsWith(".gz", StringComparison.Ordinal));

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    [GeneratedRegex("""\son[a-z]+\s*=|javascript:|https?:""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Handler();

    [GeneratedRegex("<script.*?</script>", RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex Script();

    [GeneratedRegex("""innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\('(style|on)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Markup();

    [GeneratedRegex("""(src="|href="|from '\./)(?<file>[a-z.]+)["']""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
