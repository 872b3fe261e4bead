using Azure;

namespace Clv.Cli.Host;

/// <summary>Tells the storage's failures, which a listener outlives, from mistakes in this program.</summary>
internal static class StorageTrouble
{
    public static bool Is(Exception exception) =>
        exception is RequestFailedException or AggregateException or IOException or OperationCanceledException;
}
