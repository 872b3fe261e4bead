using System.ComponentModel;
using System.Diagnostics;

namespace Clv.Cli.Emulator;

/// <summary>Names one process for other processes: its number and when it started, as the system gives numbers out again.</summary>
internal sealed record ProcessMark(int Id, DateTime StartedAt)
{
    // The system's answer about a start is derived from the time since boot and wavers a little.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    public static ProcessMark Of(int id)
    {
        using var process = Process.GetProcessById(id);
        return new ProcessMark(id, process.StartTime.ToUniversalTime());
    }

    /// <summary>The process, or null when it has ended.</summary>
    public Process? Find()
    {
        try
        {
            var process = Process.GetProcessById(Id);
            if ((process.StartTime.ToUniversalTime() - StartedAt).Duration() <= Tolerance)
            {
                return process;
            }

            process.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    public bool IsRunning()
    {
        using var process = Find();
        return process is not null;
    }
}
