using System.Net.Sockets;
using System.Text;

namespace Clv.Cli.SelfHost;

/// <summary>What started this service and waits to hear from it: systemd with <c>Type=notify</c>, or nobody.</summary>
internal static class ServiceManager
{
    private static readonly string? Socket = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");

    /// <summary>Whether standard output goes to the journal, which knows the time of a line and wants to know its severity.</summary>
    public static bool HasJournal { get; } = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    /// <summary>The folder of the credentials that systemd gave this service; null for none.</summary>
    public static string? Credentials { get; } = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder ? folder : null;

    /// <summary>Says that the service serves.</summary>
    public static void Ready() => Notify("READY=1");

    /// <summary>Says that the service is ending.</summary>
    public static void Stopping() => Notify("STOPPING=1");

    // sd_notify(3): a datagram; a name that begins with @ is one of the abstract namespace.
    private static void Notify(string state)
    {
        if (Socket is not { Length: > 0 } path)
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
    }
}
