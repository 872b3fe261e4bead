using System.Diagnostics;
using System.Text;
using Azure.Storage.Queues;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Tests.Rig;

/// <summary>What a test does to the night's queue and to the processes that work on it.</summary>
public static class NightWork
{
    /// <summary>Whether a request queues a unit of a phase.</summary>
    public static bool Queues(this StorageRequest request, Phase phase) =>
        request.Has("POST", "/clv-work/messages") && request.QueuedText().Contains($"\"phase\":\"{phase.ToString().ToLowerInvariant()}\"", StringComparison.Ordinal);

    /// <summary>The text of a message that a request queues.</summary>
    public static string QueuedText(this StorageRequest request)
    {
        var start = request.Body.IndexOf("<MessageText>", StringComparison.Ordinal) + 13;
        return Encoding.UTF8.GetString(Convert.FromBase64String(request.Body[start..request.Body.IndexOf("</MessageText>", StringComparison.Ordinal)]));
    }

    /// <summary>The queue of units, as the host reads it.</summary>
    public static QueueClient Queue(this NightRig rig, string name = Names.WorkQueue) =>
        new(rig.Storage, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>Kills the only worker as the host does.</summary>
    public static async Task KillWorkerAsync(this NightRig rig)
    {
        using var process = Process.GetProcessById(Assert.Single(rig.Host.WorkerProcessIds));
        process.Kill();
        await process.WaitForExitAsync();
    }
}
