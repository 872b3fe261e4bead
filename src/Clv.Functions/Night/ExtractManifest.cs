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

    /// <summary>The most files a manifest may name, of which fewer may be read.</summary>
    public const int MaxFiles = 10_000;

    private const int Sha256Digits = 64;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter<ExtractKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new ManifestFileConverter() },
    };

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ExtractRefusedException">It is not JSON of the right form, or promises what no file can have.</exception>
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

        if (manifest is not { Files: { Count: <= MaxFiles } files } || !files.All(static f => f is { Name.Length: > 0 }))
        {
            throw Refused(
                $"it needs \"files\", a list of at most {MaxFiles:N0} names: {{ \"kind\": \"snapshot\", \"files\": [\"transactions.csv\"] }}");
        }

        foreach (var file in files)
        {
            if (ExtractName.Problem(file.Name) is { } problem)
            {
                throw Refused($"it names {PlainText.Of(file.Name, ExtractName.MaxLength)}, which {problem}");
            }

            if (file.Rows < 0)
            {
                throw Refused($"\"rows\" of {file.Name} is below 0: give the number of rows without the header, or leave it out");
            }

            if (file.Sha256 is { } hash && (hash.Length != Sha256Digits || !hash.All(char.IsAsciiHexDigit)))
            {
                throw Refused($"\"sha256\" of {file.Name} is no SHA-256: give its {Sha256Digits} hexadecimal digits, or leave it out");
            }
        }

        return files.Distinct().CountBy(static f => f.Name).FirstOrDefault(static f => f.Value > 1).Key is { } twice
            ? throw Refused($"it says two different things of {twice}: name it once")
            : manifest;
    }

    private static ExtractRefusedException Refused(string problem) => new(FileName, problem);
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
    private static readonly JsonSerializerOptions Entry = new(NightJson.Options) { AllowDuplicateProperties = false };

    public override ManifestFile? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? new ManifestFile(reader.GetString()!)
            : JsonSerializer.Deserialize<ManifestFile>(ref reader, Entry);

    public override void Write(Utf8JsonWriter writer, ManifestFile value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, NightJson.Options);
}
