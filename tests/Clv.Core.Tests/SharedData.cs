namespace Clv.Core.Tests;

/// <summary>Finds the reference data beside the repository; tests that need them skip visibly where they are absent.</summary>
internal static class SharedData
{
    public static string File(string name)
    {
        var folder = Folder();
        Assert.SkipUnless(Directory.Exists(folder), "The reference data (shared/data beside the repository) are not on this machine.");
        return Path.Combine(folder, name);
    }

    private static string Folder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(at.FullName, "Clv.Functions.sln")))
            {
                return Path.GetFullPath(Path.Combine(at.FullName, "..", "shared", "data"));
            }
        }

        return "";
    }
}
