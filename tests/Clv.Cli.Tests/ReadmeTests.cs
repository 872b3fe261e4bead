using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clv.Cli.Tests.Commands;
using Clv.Cli.Tests.House;
using Clv.Core.Extracts;

namespace Clv.Cli.Tests;

/// <summary>What the README and the pages it leads to show works as it stands there.</summary>
public sealed partial class ReadmeTests
{
    private const string Served = "http://127.0.0.1:7071/";

    private static readonly string Readme = Markdown.Read("README.md");

    private static readonly string Api = Markdown.Read("docs/api.md");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_InTheOrderOfTheReadme_Work()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl") && File.Exists("/bin/bash"), "There is no curl or no bash, which lines of the README need.");
        using var folder = new TempFolder();
        var lines = Markdown.ShellLines(Readme);
        Assert.Equal(["dotnet run --project src/Clv.Cli", "dotnet test"], lines.Take(2));
        var ran = new List<string>();
        foreach (var line in lines)
        {
            if (ClvLine().Match(line) is { Success: true } clv)
            {
                // The first command serves until Ctrl-C; here it ends after the night of the day that the answer shown is of, on a port of its own.
                var arguments = clv.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var ended = await Commands.Clv.RunAsync(folder.Path, arguments.Length == 0 ? ["--once", "--port", "0", "--until", "2026-11-20"] : arguments);
                Assert.True(ended.ExitCode == 0, $"{line}: {ended.Error}{ended.Output}");
                ran.Add(line);
            }
            else if (line.StartsWith("curl ", StringComparison.Ordinal))
            {
                await using var serving = await Serving.StartAsync(folder);
                var shown = Markdown.ShellLines(Api);
                Assert.Equal(2, shown.Count);
                foreach (var (page, asked) in ((string Page, string Line)[])[(Readme, line), (Api, shown[0])])
                {
                    CheckShown(JsonSerializer.Deserialize<JsonElement>(JsonBlock().Match(page).Groups["json"].Value), await serving.AskAsync(asked), "answer");
                }

                Assert.True((await serving.AskAsync(shown[1])).GetProperty("paths").TryGetProperty("/api/customers/{id}", out _), shown[1]);
                foreach (var request in RequestLine().Matches(Api).Cast<Match>())
                {
                    var (status, body) = await serving.SendAsync(request.Groups["method"].Value, request.Groups["path"].Value, request.Groups["body"].Value);
                    Assert.True(status == HttpStatusCode.OK, $"{request.Value}: {status} {body}");
                }

                ran.Add(line);
            }
            else if (line == "dotnet test")
            {
                // That is what runs this.
                ran.Add(line);
            }
        }

        Assert.Equal(lines, ran);
        Assert.Equal(2, RequestLine().Count(Api));
    }

    [Fact]
    public async Task Commands_InTheOrderOfTheScoringPage_Work()
    {
        using var folder = new TempFolder();
        var lines = Markdown.ShellLines(Markdown.Read("docs/scoring.md"));
        Assert.Equal(3, lines.Count);
        foreach (var line in lines)
        {
            var ended = await Commands.Clv.RunAsync(folder.Path, ClvLine().Match(line).Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            Assert.True(ended.ExitCode == 0, $"{line}: {ended.Error}{ended.Output}");
        }

        Assert.True(File.Exists(Path.Combine(folder.Path, "scores.csv")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "fit-report.html")));
    }

    [Fact]
    public async Task Columns_OfScoresWithMarginsAndIntervals_AreThoseOfThePage()
    {
        using var folder = new TempFolder();
        folder.Write(
            "t.csv", "customer_id,date,amount,margin\nx,2026-01-01,50,35\nx,2026-02-01,50,35 %\ny,2026-01-01,20,\ny,2026-02-01,30,9\nz,2026-01-05,10,1\n");

        var ended = await Commands.Clv.RunAsync(
            folder.Path, "score", "--transactions", "t.csv", "--model", "auto", "--intervals", "--out", "scores.csv");

        Assert.True(ended.ExitCode == 0, ended.Error);
        // As docs/extracts.md says of percentages.
        Assert.Contains("1 rows set aside, the first in line 3, column margin", ended.Error, StringComparison.Ordinal);
        var header = (await File.ReadAllLinesAsync(Path.Combine(folder.Path, "scores.csv"), Cancelled))[0];
        var page = Markdown.Read("docs/scoring.md");
        var told = page[page.IndexOf("`scores.csv` has", StringComparison.Ordinal)..page.IndexOf("fit-report", StringComparison.Ordinal)];
        Assert.Equal(header, string.Join(',', ColumnsInCode().Matches(told).Select(static m => m.Groups["columns"].Value)));
    }

    [Fact]
    public void Mapping_OfThePageOfExtracts_IsUnderstood()
    {
        var mapping = JsonBlock().Matches(Markdown.Read("docs/extracts.md")).Select(static m => m.Groups["json"].Value).Single(static j => j.Contains("timeZone", StringComparison.Ordinal));

        Assert.True(ExtractMapping.Parse(Encoding.UTF8.GetBytes(mapping)).IsTransactions("Belege_2026.csv"));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/api.md")]
    [InlineData("docs/extracts.md")]
    public void Json_OfADocument_IsWellFormed(string document)
    {
        var blocks = JsonBlock().Matches(Markdown.Read(document)).Select(static m => m.Groups["json"].Value).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, static json => JsonSerializer.Deserialize<JsonElement>(json));
    }

    [Fact]
    public void Picture_OfTheReadme_IsOneAndSmall()
    {
        var picture = Assert.Single(Picture().Matches(Readme).Cast<Match>());

        Assert.True(picture.Groups["words"].Length > 50, "Who does not see the picture reads what it shows.");
        Assert.InRange(new FileInfo(Path.Combine(Commands.Clv.Repository, picture.Groups["file"].Value)).Length, 1, 150_000);
    }

    /// <summary>What the document shows of the customer is what the answer says; of the run, that it says it.</summary>
    private static void CheckShown(JsonElement shown, JsonElement real, string path)
    {
        foreach (var field in shown.EnumerateObject())
        {
            var here = $"{path}.{field.Name}";
            Assert.True(real.TryGetProperty(field.Name, out var value), $"There is no {here} in {real}");
            switch (field.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    CheckShown(field.Value, value, here);
                    break;
                case JsonValueKind.Array:
                    CheckShown(field.Value[0], value[0], here);
                    break;
                // The pseudonym is of the folder's own key.
                case JsonValueKind.String when path.StartsWith("answer.customer", StringComparison.Ordinal) && field.Name != "key":
                    Assert.Equal((here, field.Value.GetString()), (here, value.GetString()));
                    break;
                // As rounded as it is shown.
                case JsonValueKind.Number when path.StartsWith("answer.customer", StringComparison.Ordinal):
                    var (expected, actual) = (field.Value.GetDouble(), value.GetDouble());
                    Assert.True(Math.Abs(expected - actual) <= 0.01 + (0.01 * Math.Abs(expected)), $"{here} is {actual}, and not {expected}");
                    break;
            }
        }
    }

    [GeneratedRegex(@"^dotnet run --project src/Clv\.Cli(?: -c Release)?(?: --(?<arguments>.*))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClvLine();

    [GeneratedRegex(@"^(?<method>GET|POST) (?<path>/\S+)(?: +(?<body>\{[^}]*\}))?", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestLine();

    [GeneratedRegex("`(?<columns>[a-z]+_[a-z_,]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ColumnsInCode();

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"^!\[(?<words>[^\]]*)\]\((?<file>[^)]+)\)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Picture();

    /// <summary><c>clv serve</c> in the folder of the commands before, on a port of its own.</summary>
    private sealed class Serving : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly TempFolder _folder;
        private readonly Uri _address;

        private Serving(Process process, TempFolder folder, Uri address) => (_process, _folder, _address) = (process, folder, address);

        public static async Task<Serving> StartAsync(TempFolder folder)
        {
            var start = new ProcessStartInfo(Commands.Clv.Program, ["serve", "--port", "0"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, UseShellExecute = false };
            start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
            var process = Process.Start(start)!;
            while (await process.StandardOutput.ReadLineAsync(Cancelled) is { } line)
            {
                if (line.StartsWith("Open ", StringComparison.Ordinal))
                {
                    return new Serving(process, folder, new Uri(new Uri(line["Open ".Length..]).GetLeftPart(UriPartial.Authority)));
                }
            }

            throw new InvalidOperationException("clv serve ended before it served.");
        }

        /// <summary>Runs a line of the document in a shell.</summary>
        public async Task<JsonElement> AskAsync(string line)
        {
            Assert.Contains(Served, line, StringComparison.Ordinal);
            var start = new ProcessStartInfo("/bin/bash", ["-c", line.Replace(Served, _address.AbsoluteUri, StringComparison.Ordinal).Replace("curl ", "curl -sS --fail-with-body ", StringComparison.Ordinal)])
            {
                WorkingDirectory = _folder.Path,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var shell = Process.Start(start)!;
            var output = await shell.StandardOutput.ReadToEndAsync(Cancelled);
            await shell.WaitForExitAsync(Cancelled);
            Assert.True(shell.ExitCode == 0, $"{line}: {output}");
            return JsonSerializer.Deserialize<JsonElement>(output);
        }

        public async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, string body)
        {
            using var http = new HttpClient { BaseAddress = _address };
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Add("x-api-key", await File.ReadAllTextAsync(Path.Combine(_folder.Path, ".clv", "api.key"), Cancelled));
            request.Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request, Cancelled);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        }

        public async ValueTask DisposeAsync()
        {
            using (var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            {
                await signal.WaitForExitAsync();
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
