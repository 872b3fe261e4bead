namespace Clv.Cli.Emulator;

/// <summary>How the storage emulator is to be started.</summary>
public sealed record AzuriteOptions
{
    /// <summary>
    /// The folder that holds the data; created when missing. Required unless <see cref="InMemory"/>, and ignored then.
    /// An emulator that another process already runs over the same folder is attached to, whatever the ports asked for here.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Keep nothing on disk: for tests. The emulator then ends together with the process that started it.</summary>
    public bool InMemory { get; init; }

    /// <summary>The loopback port of the blob service; 0, the default, takes a free one.</summary>
    public int BlobPort { get; init; }

    /// <summary>The loopback port of the queue service; 0, the default, takes a free one.</summary>
    public int QueuePort { get; init; }

    /// <summary>The loopback port of the table service; 0, the default, takes a free one.</summary>
    public int TablePort { get; init; }

    /// <summary>Told, in a sentence for a person, what a slow start is waiting for (the first one installs the emulator).</summary>
    public IProgress<string>? Progress { get; init; }

    /// <summary>How long the emulator may take from its start to its first answer. Default: one minute.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);

    internal void Check()
    {
        if (!InMemory && string.IsNullOrWhiteSpace(Folder))
        {
            throw new EmulatorException("The storage emulator needs a folder for its data, or to be told to keep it in memory.");
        }

        (string Service, int Port)[] ports = [("blob", BlobPort), ("queue", QueuePort), ("table", TablePort)];
        foreach (var (service, port) in ports)
        {
            if (port is < 0 or > 65535)
            {
                throw new EmulatorException($"The storage emulator's {service} port is {port}, but a port is between 0 (any free one) and 65535.");
            }
        }
    }
}
