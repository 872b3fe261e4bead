using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Polly;

namespace Clv.Functions.Storage;

/// <summary>
/// The clients of the storage account, with the product's resilience in place of the SDK's retries. The account is the host's:
/// AzureWebJobsStorage, as a connection string or, with a managed identity, as AzureWebJobsStorage__accountName or its service URIs.
/// </summary>
public sealed class StorageAccount
{
    private const string Setting = "AzureWebJobsStorage";

    /// <summary>Creates the clients; nothing is sent yet.</summary>
    /// <exception cref="InvalidOperationException">The account is not configured; the message names the setting.</exception>
    public StorageAccount(IConfiguration configuration, TimeProvider time)
    {
        var night = Resilience.Night(time);
        var blobOptions = With(new BlobClientOptions(), night, Resilience.NightTry);
        // No message reaches a client that is not JSON text; base64 is what the host expects unless host.json says otherwise.
        var queueOptions = With(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, night, Resilience.NightTry);
        var tableOptions = With(new TableClientOptions(), night, Resilience.NightTry);
        var lookupOptions = With(new TableClientOptions(), Resilience.LookupRequest(time), Resilience.LookupTry);
        if (configuration[Setting] is { Length: > 0 } connection)
        {
            // The messages of the SDK's exceptions may quote the connection string, so they are not passed on.
#pragma warning disable MA0054
            try
            {
                Blobs = new BlobServiceClient(connection, blobOptions);
                Queues = new QueueServiceClient(connection, queueOptions);
                Tables = new TableServiceClient(connection, tableOptions);
                LookupTables = new TableServiceClient(connection, lookupOptions);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
            {
                throw new InvalidOperationException($"Setting {Setting} is not a storage connection string.");
            }
#pragma warning restore MA0054

            return;
        }

        var section = configuration.GetSection(Setting);
        Uri Service(string name) => section[$"{name}ServiceUri"] is { Length: > 0 } uri
            ? new Uri(uri)
            : section["accountName"] is { Length: > 0 } account
                ? new Uri($"https://{account}.{name}.core.windows.net")
                : throw new InvalidOperationException(
                    $"Storage is not configured: set {Setting} to a connection string, or {Setting}__accountName for a managed identity.");

        TokenCredential identity = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });
        Blobs = new BlobServiceClient(Service("blob"), identity, blobOptions);
        Queues = new QueueServiceClient(Service("queue"), identity, queueOptions);
        Tables = new TableServiceClient(Service("table"), identity, tableOptions);
        LookupTables = new TableServiceClient(Service("table"), identity, lookupOptions);
    }

    /// <summary>Blobs, for the night.</summary>
    public BlobServiceClient Blobs { get; }

    /// <summary>Queues.</summary>
    public QueueServiceClient Queues { get; }

    /// <summary>Tables, for the night.</summary>
    public TableServiceClient Tables { get; }

    /// <summary>Tables, for somebody who waits.</summary>
    public TableServiceClient LookupTables { get; }

    private static T With<T>(T options, ResiliencePipeline<StorageOutcome> resilience, TimeSpan tryTimeout)
        where T : ClientOptions
    {
        options.RetryPolicy = new ResiliencePolicy(resilience);
        options.Retry.NetworkTimeout = tryTimeout;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }
}
