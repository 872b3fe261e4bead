using System.IO.Compression;
using System.Security.Cryptography;

namespace Clv.Cli.Package;

/// <summary>
/// The package as the one file that is deployed. The program in it may be executed, which a zip only says in its Unix attributes; the same files
/// give the same bytes, so entries are in order and have no time of their own.
/// </summary>
internal static class PackageZip
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.UserWrite;
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const int RegularFile = 0x8000;

    // The earliest time that a zip can hold.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What everybody may do with a file: read it, and execute a program.</summary>
    public static UnixFileMode ModeOf(AppPackage package, string file) => package.IsProgram(file) ? Everybody | Executable : Everybody;

    /// <summary>Refuses to replace what is no zip of a package.</summary>
    /// <exception cref="CliException">There is a folder or another file, or this system cannot say in a zip that a file may be executed.</exception>
    public static void RefuseOthers(FileInfo zip)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new CliException("A zip made on Windows does not say that the program may be executed, and Azure would not start it: run this on Linux or macOS, or in WSL.");
        }

        if (Path.Exists(zip.FullName) && !IsPackage(zip))
        {
            throw new CliException($"{zip.FullName} is no zip of an earlier `clv publish`, and would be lost: name another file with --zip.");
        }
    }

    /// <summary>Writes the zip; an earlier one is replaced when the new one is complete.</summary>
    /// <exception cref="CliException">What is there is no zip of a package, or this system cannot make one.</exception>
    public static void Write(AppPackage package, FileInfo zip)
    {
        RefuseOthers(zip);
        var partial = $"{zip.FullName}.new-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        Directory.CreateDirectory(zip.DirectoryName!);
        try
        {
            using (var archive = new ZipArchive(File.Create(partial), ZipArchiveMode.Create))
            {
                foreach (var file in package.Files)
                {
                    var entry = archive.CreateEntry(file, CompressionLevel.Optimal);
                    entry.LastWriteTime = NoTime;
                    entry.ExternalAttributes = (RegularFile | (int)ModeOf(package, file)) << 16;
                    using var from = File.OpenRead(package.PathOf(file));
                    using var to = entry.Open();
                    from.CopyTo(to);
                }
            }

            File.Move(partial, zip.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static bool IsPackage(FileInfo zip)
    {
        try
        {
            using var archive = ZipFile.OpenRead(zip.FullName);
            return PackageHead.IsPackage(file => archive.GetEntry(file) is not null);
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException)
        {
            // No zip at all, or a folder.
            return false;
        }
    }
}
