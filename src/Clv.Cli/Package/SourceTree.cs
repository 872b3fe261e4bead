namespace Clv.Cli.Package;

/// <summary>The repository, from which a package is built.</summary>
internal static class SourceTree
{
    private const string Mark = "Clv.Functions.sln";

    /// <summary>The root of the source tree around the current folder, or around this program.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static string Find() => Above(Environment.CurrentDirectory) ?? Above(AppContext.BaseDirectory) ?? throw new CliException(
        $"A package is built from the source, and neither {Environment.CurrentDirectory} nor {AppContext.BaseDirectory} is inside it ({Mark}): "
        + "clone the repository, and run `dotnet run --project src/Clv.Cli -- publish` there. It needs the .NET SDK 10.");

    private static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
