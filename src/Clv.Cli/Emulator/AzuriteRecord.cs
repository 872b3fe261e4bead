using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clv.Cli.Emulator;

/// <summary>What azurite.json beside the data says about the emulator that runs over it, so that other processes can attach.</summary>
internal sealed record AzuriteRecord
{
    private const string FileName = "azurite.json";

    /// <summary>The emulator's process.</summary>
    public required ProcessMark Process { get; init; }

    /// <summary>The process that started it; the emulator stops when this one is gone.</summary>
    public required ProcessMark Owner { get; init; }

    public required int BlobPort { get; init; }

    public required int QueuePort { get; init; }

    public required int TablePort { get; init; }

    public required string Version { get; init; }

    [JsonIgnore]
    public AzuriteEndpoints Endpoints => new(BlobPort, QueuePort, TablePort);

    /// <summary>The record of a folder, or null when there is none that can be read.</summary>
    public static async Task<AzuriteRecord?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(Path.Combine(folder, FileName));
            return await JsonSerializer.DeserializeAsync<AzuriteRecord>(file, cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException)
        {
            return null;
        }
    }

    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        // Renamed into place, so that no reader ever sees half a record.
        var temporary = Path.Combine(folder, FileName + ".new");
        await File.WriteAllTextAsync(temporary, JsonSerializer.Serialize(this), cancellationToken);
        File.Move(temporary, Path.Combine(folder, FileName), overwrite: true);
    }

    public static void Delete(string folder) => File.Delete(Path.Combine(folder, FileName));
}
