using Azure.Storage.Queues;
using Clv.Functions.Storage;
using Microsoft.Extensions.Configuration;

namespace Clv.Cli.Host;

/// <summary>A message in a queue starts the function.</summary>
internal sealed record QueueTrigger(string Binding, QueueClient Queue) : Trigger(Binding)
{
    /// <summary>Where messages go that failed too often; null for a poison queue, which has none of its own.</summary>
    public QueueClient? PoisonQueue { get; private init; }

    public static QueueTrigger Read(JsonFile binding, AppSettings settings)
    {
        var name = settings.Resolve(binding.RequiredText("queueName"), $"{binding.Path}: \"queueName\"");
        var connectionName = binding.Text("connection") ?? StorageConnection.Default;
        var setting = Array.Find([connectionName, "AzureWebJobs" + connectionName], name => settings.Configuration.GetSection(name).Exists())
            ?? throw new FunctionsHostException(
                $"{binding.Path}: the app setting {connectionName}, the connection string of the queue's storage, is not set, nor is {connectionName}__accountName.");

        // The text is decoded by the listener, because a message that is not base64 goes to the poison queue as it is.
        var options = new QueueClientOptions
        {
            MessageEncoding = QueueMessageEncoding.None,
            Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(15) },
        };
        try
        {
            var account = AccountOf(new StorageConnection(settings.Configuration, setting), options);
            return new QueueTrigger(binding.RequiredText("name"), account.GetQueueClient(name))
            {
                PoisonQueue = name.EndsWith("-poison", StringComparison.Ordinal) ? null : account.GetQueueClient(name + "-poison"),
            };
        }
        catch (InvalidOperationException exception)
        {
            throw new FunctionsHostException($"{binding.Path}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
#pragma warning disable MA0054 // The cause is left out on purpose: its message may repeat parts of the secret.
            throw new FunctionsHostException($"{binding.Path}: the app setting {connectionName} is not a connection string of a storage account.");
#pragma warning restore MA0054
        }
    }

    private static QueueServiceClient AccountOf(StorageConnection connection, QueueClientOptions options) => connection.Text is { } text
        ? new QueueServiceClient(text, options)
        : new QueueServiceClient(connection.Queues, connection.Identity, options);
}
