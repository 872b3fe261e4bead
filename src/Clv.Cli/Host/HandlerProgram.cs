using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Clv.Cli.Host;

/// <summary>The program that host.json names, and the environment that the host gives it.</summary>
internal sealed class HandlerProgram(HostJson host, string appFolder, AppSettings settings)
{
    private readonly string _workingDirectory = Path.GetFullPath(Path.Combine(appFolder, host.WorkingDirectory ?? ""));

    /// <summary>The file in the app's folder, or the bare name when it is to be looked for on the PATH.</summary>
    public string FileName { get; } = FindFile(host.Executable, appFolder);

    /// <summary>Starts the program and has it listen on a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="secret">What the host shows with each of its calls, so that the handler knows them from what it forwards.</param>
    /// <exception cref="FunctionsHostException">There is no such program, or the system does not run it.</exception>
    public Process Start(int port, string secret)
    {
        if (!Directory.Exists(_workingDirectory))
        {
            throw new FunctionsHostException($"{host.FilePath}: the working directory {_workingDirectory} does not exist.");
        }

        var start = new ProcessStartInfo(FileName, host.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _workingDirectory,
        };
        foreach (var (name, value) in settings.Environment)
        {
            // No variable can have a colon in its name on every system.
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["FUNCTIONS_HTTPWORKER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = Guid.NewGuid().ToString();
        start.Environment["CLV_HOST_SECRET"] = secret;
        start.Environment["FUNCTIONS_APP_ROOT_PATH"] = appFolder;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new FunctionsHostException(
                $"The handler {FileName}, named in {host.FilePath} as \"customHandler.description.defaultExecutablePath\", " +
                $"cannot be started: {exception.Message}. " +
                "Publish the app for this machine, and see that the file may be executed.",
                exception);
        }
    }

    private static string FindFile(string executable, string appFolder)
    {
        var inFolder = Path.GetFullPath(Path.Combine(appFolder, executable));
        return File.Exists(inFolder) ? inFolder
            : OperatingSystem.IsWindows() && File.Exists(inFolder + ".exe") ? inFolder + ".exe"
            : executable;
    }
}
