using System.ComponentModel;
using System.Diagnostics;
using Clv.Cli.Emulator;

namespace Clv.Cli.Package;

/// <summary>The folder that is deployed: host.json, the functions, and the program with all that it needs on linux-x64.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Files">Its files, from the folder, in the order of their names.</param>
internal sealed record AppPackage(DirectoryInfo Folder, IReadOnlyList<string> Files)
{
    // What somebody who runs the real host in the folder has put there.
    private const string OwnSettings = "local.settings.json";

    /// <summary>Size of all files, in bytes.</summary>
    public long Bytes => Files.Sum(file => new FileInfo(PathOf(file)).Length);

    /// <summary>Where a file is.</summary>
    public string PathOf(string file) => Path.Combine(Folder.FullName, file);

    /// <summary>Whether a file is one that Linux runs as a program.</summary>
    public bool IsProgram(string file)
    {
        if (Path.GetFileName(file).EndsWith(".so", StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> start = stackalloc byte[4];
        using var stream = File.OpenRead(PathOf(file));
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("\u007fELF"u8);
    }

    /// <summary>Builds the package in a folder that is empty, or has a former one, which is replaced when the new one is complete.</summary>
    /// <param name="head">Which of the two programs.</param>
    /// <param name="api">Whether the Functions host asks for a key in front of the API.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <exception cref="CliException">The folder has something else, there is no source, or the build fails.</exception>
    public static async Task<AppPackage> BuildAsync(PackageHead head, ApiLevel api, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        RefuseOthers(folder);
        var source = SourceTree.Find();
        var project = Path.Combine(source, head.Project);
        // All of the build is its own: what an earlier one left behind is in no package. Where it stands becomes part of names that the compiler
        // makes, so that is the same place each time.
        var work = new DirectoryInfo(Path.Combine(source, "artifacts", "package", head.Name));
        work.Parent!.Create();
        using var alone = await FileLock.AcquireAsync(work.FullName + ".lock", cancellationToken);
        if (work.Exists)
        {
            work.Delete(recursive: true);
        }

        work.Create();
        try
        {
            var built = Path.Combine(work.FullName, "app");
            await PublishAsync(head, api, project, work.FullName, built, cancellationToken);
            return Replace(new DirectoryInfo(built), folder);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static void RefuseOthers(DirectoryInfo folder)
    {
        if (File.Exists(folder.FullName))
        {
            throw new CliException($"{folder.FullName} is a file: name a folder with --out.");
        }

        var isPackage = PackageHead.IsPackage(file => File.Exists(Path.Combine(folder.FullName, file)));
        if (folder.Exists && !isPackage && folder.EnumerateFileSystemInfos().Any())
        {
            throw new CliException($"{folder.FullName} has files that are no package of an earlier `clv publish`, and would be lost: name an empty folder with --out.");
        }
    }

    private static async Task PublishAsync(PackageHead head, ApiLevel api, string project, string work, string built, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "publish", project, "--configuration", "Release", "--runtime", "linux-x64", head.SelfContained ? "--self-contained" : "--no-self-contained",
                "--artifacts-path", Path.Combine(work, "artifacts"), "--output", built, "--nologo", "-nodeReuse:false",
                $"-p:ApiAuthLevel={api.ToString().ToLowerInvariant()}",
            ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception e)
        {
            throw new CliException("The package is built by the .NET SDK 10, and there is no `dotnet` on the PATH: install it, then run again.", e);
        }

        using (process)
        {
            var output = process!.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                throw;
            }

            if (process.ExitCode != 0)
            {
                throw new CliException($"`dotnet publish {head.Project}` failed:\n{await output}{await error}");
            }
        }
    }

    /// <summary>Puts what was built into the place of a former package, all at once, with the settings that somebody has put there.</summary>
    /// <param name="built">The files, as the build has them.</param>
    /// <param name="folder">The folder of the package.</param>
    /// <exception cref="CliException">The folder cannot be replaced.</exception>
    internal static AppPackage Replace(DirectoryInfo built, DirectoryInfo folder)
    {
        var files = built.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(built.FullName, file.FullName).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)
            .ToList();
        using var replacement = new FolderReplacement(folder);
        var package = new AppPackage(replacement.New, files);
        foreach (var file in files)
        {
            var target = package.PathOf(file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(built.FullName, file), target);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(target, PackageZip.ModeOf(package, file));
            }
        }

        var own = Path.Combine(folder.FullName, OwnSettings);
        if (File.Exists(own))
        {
            File.Copy(own, package.PathOf(OwnSettings));
        }

        replacement.Complete();
        return package with { Folder = folder };
    }
}
