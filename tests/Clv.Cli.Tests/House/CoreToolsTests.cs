using System.Diagnostics;
using System.Text.Json;
using Clv.Cli.Emulator;
using Microsoft.Extensions.Hosting;

namespace Clv.Cli.Tests.House;

/// <summary>What docs/settings.md says of Azure Functions Core Tools, but for the tools themselves.</summary>
public sealed class CoreToolsTests
{
    private static readonly IReadOnlyList<string> Lines = Markdown.ShellLines(Markdown.Read("docs/settings.md"));

    [Fact]
    public async Task Settings_OfTheGuide_StartTheApp()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");
        using var folder = new Commands.TempFolder();
        const string sample = "local.settings.sample.json";
        folder.Write(sample, await File.ReadAllTextAsync(Path.Combine(Commands.Clv.Repository, sample), TestContext.Current.CancellationToken));
        Directory.CreateDirectory(Path.Combine(folder.Path, "out"));

        using var shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-ec", Lines.Single(static line => line.Contains(sample, StringComparison.Ordinal))]) { WorkingDirectory = folder.Path })!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, shell.ExitCode);
        Assert.ThrowsAny<InvalidOperationException>(() => Build(Path.Combine(folder.Path, sample)));
        using var app = Build(Path.Combine(folder.Path, "out", "local.settings.json"));
    }

    [Fact]
    public void Emulator_OfTheGuide_IsTheOneThatClvRuns()
    {
        var words = Assert.Single(Lines, static line => line.StartsWith("npx ", StringComparison.Ordinal)).Split(' ');

        Assert.Contains($"azurite@{AzuriteProgram.Version}", words);
        Assert.Subset(words.ToHashSet(), AzuriteProgram.Arguments.ToHashSet());
        Assert.StartsWith("npx ", Lines[^2], StringComparison.Ordinal);
        Assert.EndsWith("func start", Lines[^1], StringComparison.Ordinal);
    }

    // As the tools hand settings on.
    private static IHost Build(string settings) => Functions.App.Build(
    [
        "FUNCTIONS_CUSTOMHANDLER_PORT=1",
        .. JsonDocument.Parse(File.ReadAllText(settings)).RootElement.GetProperty("Values").EnumerateObject().Select(static setting => $"{setting.Name}={setting.Value.GetString()}"),
    ]);
}
