using System.Globalization;

namespace Clv.Functions.Tests.Faults;

/// <summary>Finds the process that a loopback connection belongs to, as Linux tells it.</summary>
internal static class ProcessSockets
{
    /// <summary>Which of some processes has the local port; null when none of them has.</summary>
    public static int? OwnerOf(int port, IEnumerable<int> processes)
    {
        var inodes = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .SelectMany(File.ReadLines)
            .Skip(1)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9
                && fields[1].Split(':') is [_, var local] && int.TryParse(local, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var of) && of == port)
            .Select(static fields => $"socket:[{fields[9]}]")
            .ToHashSet(StringComparer.Ordinal);
        return processes.Select(static id => (int?)id).FirstOrDefault(id => Sockets(id!.Value).Any(inodes.Contains));
    }

    private static List<string> Sockets(int process)
    {
        try
        {
            return [.. new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos().Select(static file => file.LinkTarget ?? "")];
        }
        catch (IOException)
        {
            // It has ended, or a file was closed while they were listed.
            return [];
        }
    }
}
