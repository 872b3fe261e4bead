using System.Text.Json;
using System.Text.Json.Serialization;
using Clv.Core.Extracts;

namespace Clv.Functions.Night;

/// <summary>What <c>manifest.json</c> says of an extract folder: that it is complete, which files belong to it, and whether they are everything.</summary>
/// <param name="Kind">Snapshot or delta.</param>
/// <param name="Files">The files that were delivered.</param>
public sealed record ExtractManifest(ExtractKind Kind, IReadOnlyList<ManifestFile> Files)
{
    /// <summary>The manifest's name.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The name of the empty file that stands for a manifest: a snapshot of all CSV files of the folder.</summary>
    public const string SuccessFileName = "_SUCCESS";

    /// <summary>The largest manifest, mapping or profile that is read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter<ExtractKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new ManifestFileConverter() },
    };

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ExtractRefusedException">It is not JSON of the right form.</exception>
    public static ExtractManifest Parse(BinaryData utf8)
    {
        ExtractManifest? manifest;
        try
        {
            var bytes = utf8.ToMemory().Span;
            manifest = JsonSerializer.Deserialize<ExtractManifest>(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, Json);
        }
        catch (JsonException e)
        {
            throw new ExtractRefusedException(FileName, $"not a manifest: {e.Message}", e.LineNumber + 1, e);
        }

        return manifest is { Files: { } files } && files.All(static f => f is { Name.Length: > 0 })
            ? manifest
            : throw new ExtractRefusedException(FileName, "it needs \"files\", a list of names: { \"kind\": \"snapshot\", \"files\": [\"transactions.csv\"] }");
    }
}

/// <summary>What a set of extracts contains.</summary>
public enum ExtractKind
{
    /// <summary>Everything there is; what is not in it is gone.</summary>
    Snapshot,

    /// <summary>Only what is new or corrected.</summary>
    Delta,
}

/// <summary>A file as a manifest names it.</summary>
/// <param name="Name">Its name within the folder.</param>
/// <param name="Rows">How many rows it has, without its header; checked when given.</param>
/// <param name="Sha256">The SHA-256 of its bytes in hexadecimal; checked when given.</param>
public sealed record ManifestFile(string Name, long? Rows = null, string? Sha256 = null);

/// <summary>Reads a file's entry, which may be its name alone.</summary>
internal sealed class ManifestFileConverter : JsonConverter<ManifestFile>
{
    public override ManifestFile? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? new ManifestFile(reader.GetString()!)
            : JsonSerializer.Deserialize<ManifestFile>(ref reader, NightJson.Options);

    public override void Write(Utf8JsonWriter writer, ManifestFile value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, NightJson.Options);
}
