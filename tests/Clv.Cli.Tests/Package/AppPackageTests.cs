using System.IO.Compression;
using Clv.Cli.Package;
using Clv.Cli.Tests.Commands;

namespace Clv.Cli.Tests.Package;

/// <summary>A package takes the place of a former one when it is complete, and of nothing else.</summary>
public sealed class AppPackageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public AppPackageTests()
    {
        Built(("host.json", "{}"), ("Clv.Functions", "\u007fELF first"), ("wwwroot/index.html", "first"), ("gone.dll", "first"));
        AppPackage.Replace(At("built"), Out);
        _folder.Write("out/local.settings.json", "mine");
        Built(("host.json", "{}"), ("Clv.Functions", "\u007fELF second"), ("wwwroot/index.html", "second"));
    }

    private DirectoryInfo Out => At("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Replace_AFormerPackage_LeavesTheNewOneWithTheSettingsOfWhoeverRunsItAndNothingBeside()
    {
        var package = AppPackage.Replace(At("built"), Out);

        Assert.Equal(["Clv.Functions", "host.json", "wwwroot/index.html"], package.Files);
        Assert.Equal(Out.FullName, package.Folder.FullName);
        Assert.Equal(["Clv.Functions second", "host.json {}", "local.settings.json mine", "wwwroot/index.html second"], Contents("out"));
        Assert.Equal(["built", "out"], Beside());
    }

    [Fact]
    public void Replace_ThatFails_LeavesTheFormerPackageWhole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets not everybody make links.");
        var before = Contents("out");
        // A file that cannot be copied, the last of all.
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "built", "zz"), Path.Combine(_folder.Path, "nowhere"));

        Assert.Throws<FileNotFoundException>(() => AppPackage.Replace(At("built"), Out));

        Assert.Equal(before, Contents("out"));
        Assert.Equal(["built", "out"], Beside());
    }

    [Fact]
    public void Replace_KilledOnTheWay_LeavesTheFormerPackageAndTheNextTidiesUp()
    {
        var before = Contents("out");
        // What a process has done by then that is killed.
        _ = new FolderReplacement(Out);
        Assert.Equal(before, Contents("out"));
        Assert.Equal(3, Beside().Count);
        // Others' folders, however they are called.
        foreach (var others in (string[])["out.new", "out.new-thesis!", "out.former-0123456789", "other.new-01234567"])
        {
            _folder.Write($"{others}/thesis.txt", "mine");
        }

        AppPackage.Replace(At("built"), Out);

        Assert.Equal(["built", "other.new-01234567", "out", "out.former-0123456789", "out.new", "out.new-thesis!"], Beside());
        Assert.Contains("wwwroot/index.html second", Contents("out"));
    }

    [Fact]
    public void Replace_ByWayOfALink_ReplacesWhatItLeadsTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets not everybody make links.");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), Out.FullName);

        AppPackage.Replace(At("built"), At("link"));

        Assert.NotNull(At("link").LinkTarget);
        Assert.Contains("wwwroot/index.html second", Contents("out"));
        Assert.Equal(["built", "link", "out"], Beside());
    }

    [Fact]
    public void Zip_OverAFormerOne_IsReplacedWhenItIsComplete()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows makes no such zip.");
        var zip = new FileInfo(Path.Combine(_folder.Path, "clv.zip"));
        PackageZip.Write(new AppPackage(Out, ["Clv.Functions", "host.json"]), zip);
        var before = File.ReadAllBytes(zip.FullName);
        _folder.Write("clv.zip.partial", "mine");

        // A package of which a file has gone since.
        Assert.ThrowsAny<IOException>(() => PackageZip.Write(new AppPackage(Out, ["host.json", "nowhere"]), zip));
        Assert.Equal(before, File.ReadAllBytes(zip.FullName));

        PackageZip.Write(AppPackage.Replace(At("built"), Out), zip);
        using var archive = ZipFile.OpenRead(zip.FullName);
        Assert.Equal(3, archive.Entries.Count);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder.Path, "clv.zip.partial")));
        Assert.Equal(["built", "clv.zip", "clv.zip.partial", "out"], Beside());
    }

    [Theory]
    [InlineData("a thesis")]
    [InlineData(null)]
    public async Task Zip_OverWhatIsNoPackage_IsRefusedBeforeTheBuild(string? text)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows makes no such zip.");
        var zip = Path.Combine(_folder.Path, "clv.zip");
        if (text is null)
        {
            await using var others = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create, TestContext.Current.CancellationToken);
            others.CreateEntry("host.json");
        }
        else
        {
            await File.WriteAllTextAsync(zip, text, TestContext.Current.CancellationToken);
        }

        var before = await File.ReadAllBytesAsync(zip, TestContext.Current.CancellationToken);

        var ended = await Commands.Clv.RunAsync(_folder.Path, "publish", "--out", "app", "--zip", "clv.zip");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"{zip} is no zip of an earlier `clv publish`", ended.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(zip, TestContext.Current.CancellationToken));
        Assert.Equal(["built", "clv.zip", "out"], Beside());
    }

    private DirectoryInfo At(string name) => new(Path.Combine(_folder.Path, name));

    private void Built(params (string Name, string Content)[] files)
    {
        if (At("built").Exists)
        {
            At("built").Delete(recursive: true);
        }

        foreach (var (name, content) in files)
        {
            _folder.Write($"built/{name}", content);
        }
    }

    // Each file of a folder with its last word.
    private List<string> Contents(string folder) =>
    [
        .. At(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => $"{Path.GetRelativePath(At(folder).FullName, file.FullName)} {File.ReadAllText(file.FullName).Split(' ')[^1]}")
            .Order(StringComparer.Ordinal),
    ];

    private List<string> Beside() => [.. new DirectoryInfo(_folder.Path).EnumerateFileSystemInfos().Select(static entry => entry.Name).Order(StringComparer.Ordinal)];
}
