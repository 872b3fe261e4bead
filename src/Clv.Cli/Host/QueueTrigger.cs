using Azure.Storage.Queues;

namespace Clv.Cli.Host;

/// <summary>A message in a queue starts the function.</summary>
internal sealed record QueueTrigger(string Binding, QueueClient Queue) : Trigger(Binding)
{
    private const string DefaultConnection = "AzureWebJobsStorage";

    /// <summary>Where messages go that failed too often; null for a poison queue, which has none of its own.</summary>
    public QueueClient? PoisonQueue { get; private init; }

    public static QueueTrigger Read(JsonFile binding, AppSettings settings)
    {
        var name = settings.Resolve(binding.RequiredText("queueName"), $"{binding.Path}: \"queueName\"");
        var connectionName = binding.Text("connection") ?? DefaultConnection;
        var connection = settings.Find(connectionName) ?? settings.Find("AzureWebJobs" + connectionName)
            ?? throw new FunctionsHostException(
                $"{binding.Path}: the app setting {connectionName}, the connection string of the queue's storage, is not set.");

        // The text is decoded by the listener, because a message that is not base64 goes to the poison queue as it is.
        var options = new QueueClientOptions
        {
            MessageEncoding = QueueMessageEncoding.None,
            Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(15) },
        };
        try
        {
            return new QueueTrigger(binding.RequiredText("name"), new QueueClient(connection, name, options))
            {
                PoisonQueue = name.EndsWith("-poison", StringComparison.Ordinal) ? null : new QueueClient(connection, name + "-poison", options),
            };
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
#pragma warning disable MA0054 // The cause is left out on purpose: its message may repeat parts of the secret.
            throw new FunctionsHostException($"{binding.Path}: the app setting {connectionName} is not a connection string of a storage account.");
#pragma warning restore MA0054
        }
    }
}
