using System.Security.Cryptography;

namespace Clv.Cli.Local;

/// <summary>A secret in a file of a data folder, which only its owner can read.</summary>
internal static class KeyFile
{
    /// <summary>The secret; made the first time.</summary>
    public static string ReadOrMake(DirectoryInfo data, string name)
    {
        var file = Path.Combine(data.FullName, name);
        if (!File.Exists(file))
        {
            var fresh = Path.Combine(data.FullName, $"{name}.{Environment.ProcessId}");
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(fresh, options))
            {
                writer.Write(RandomNumberGenerator.GetHexString(64, lowercase: true));
            }

            try
            {
                File.Move(fresh, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                // Another process made it in the meantime, and that one counts.
                File.Delete(fresh);
            }
        }

        return File.ReadAllText(file).Trim();
    }
}
