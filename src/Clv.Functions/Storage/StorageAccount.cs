using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Polly;

namespace Clv.Functions.Storage;

/// <summary>
/// The clients of the storage account, with the product's resilience in place of the SDK's retries. The account is the host's
/// (<see cref="StorageConnection"/>).
/// </summary>
public sealed class StorageAccount
{
    /// <summary>Creates the clients; nothing is sent yet.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing, unusable or contradicts another; the message names it.</exception>
    public StorageAccount(IConfiguration configuration, TimeProvider time)
    {
        var night = Resilience.Night(time);
        var blobOptions = With(new BlobClientOptions(), night, Resilience.NightTry, "blob");
        // No message reaches a client that is not JSON text; base64 is what the host expects unless host.json says otherwise.
        var queueOptions = With(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, night, Resilience.NightTry, "queue");
        var tableOptions = With(new TableClientOptions(), night, Resilience.NightTry, "table");
        var lookupOptions = With(new TableClientOptions(), Resilience.LookupRequest(time), Resilience.LookupTry, "table");
        var connection = new StorageConnection(configuration);
        if (connection.Text is { } text)
        {
            // The messages of the SDK's exceptions may quote the connection string, so they are not passed on.
#pragma warning disable MA0054
            try
            {
                Blobs = new BlobServiceClient(text, blobOptions);
                Queues = new QueueServiceClient(text, queueOptions);
                Tables = new TableServiceClient(text, tableOptions);
                LookupTables = new TableServiceClient(text, lookupOptions);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException or OverflowException)
            {
                throw StorageConnection.NoConnectionString();
            }
#pragma warning restore MA0054

            return;
        }

        Blobs = new BlobServiceClient(connection.Blobs, connection.Identity, blobOptions);
        Queues = new QueueServiceClient(connection.Queues, connection.Identity, queueOptions);
        Tables = new TableServiceClient(connection.Tables!, connection.Identity!, tableOptions);
        LookupTables = new TableServiceClient(connection.Tables!, connection.Identity!, lookupOptions);
    }

    /// <summary>Blobs, for the night.</summary>
    public BlobServiceClient Blobs { get; }

    /// <summary>Queues.</summary>
    public QueueServiceClient Queues { get; }

    /// <summary>Tables, for the night.</summary>
    public TableServiceClient Tables { get; }

    /// <summary>Tables, for somebody who waits.</summary>
    public TableServiceClient LookupTables { get; }

    private static T With<T>(T options, ResiliencePipeline<StorageOutcome> resilience, TimeSpan tryTimeout, string service)
        where T : ClientOptions
    {
        options.RetryPolicy = new ResiliencePolicy(resilience, service);
        options.Retry.NetworkTimeout = tryTimeout;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }
}
