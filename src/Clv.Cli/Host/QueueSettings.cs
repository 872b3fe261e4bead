namespace Clv.Cli.Host;

/// <summary>The queue extension's settings, <c>extensions.queues</c> in host.json, with its defaults.</summary>
internal sealed record QueueSettings
{
    /// <summary>The most messages that one request to the queue brings, 1 to 32.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The next batch is asked for when this many calls, or fewer, are still running.</summary>
    public required int NewBatchThreshold { get; init; }

    /// <summary>The delivery after whose failure a message is moved to the poison queue.</summary>
    public required int MaxDequeueCount { get; init; }

    /// <summary>How long a failed message stays hidden before its next try.</summary>
    public required TimeSpan VisibilityTimeout { get; init; }

    /// <summary>The longest pause between two looks into an empty queue.</summary>
    public required TimeSpan MaxPollingInterval { get; init; }

    /// <summary>Whether message texts are base64 in the queue, which is the extension's default.</summary>
    public required bool Base64 { get; init; }

    public static QueueSettings Read(JsonFile file)
    {
        const string section = "extensions.queues.";
        var batchSize = file.Number(section + "batchSize", 1, 32) ?? 16;
        var encoding = file.Text(section + "messageEncoding") ?? "base64";
        var isNone = encoding.Equals("none", StringComparison.OrdinalIgnoreCase);
        if (!isNone && !encoding.Equals("base64", StringComparison.OrdinalIgnoreCase))
        {
            throw new FunctionsHostException($"{file.Path}: \"{section}messageEncoding\" is \"{encoding}\", but it must be \"base64\" or \"none\".");
        }

        var visibility = file.Time(section + "visibilityTimeout") ?? TimeSpan.Zero;
        if (visibility > TimeSpan.FromDays(7))
        {
            throw new FunctionsHostException(
                $"{file.Path}: \"{section}visibilityTimeout\" is {visibility}, but a queue hides a message for seven days at most.");
        }

        var polling = file.Time(section + "maxPollingInterval") ?? TimeSpan.FromMinutes(1);
        return new QueueSettings
        {
            BatchSize = batchSize,
            NewBatchThreshold = file.Number(section + "newBatchThreshold", 0, 1000) ?? batchSize / 2 * Environment.ProcessorCount,
            MaxDequeueCount = file.Number(section + "maxDequeueCount", 1, int.MaxValue) ?? 5,
            VisibilityTimeout = visibility,
            MaxPollingInterval = polling < QueueListener.ShortestPause ? QueueListener.ShortestPause : polling,
            Base64 = !isNone,
        };
    }
}
