using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Clv.Cli.Host;

/// <summary>
/// A configuration file in JSON, read by key paths such as <c>extensions.queues.batchSize</c>, whatever their case.
/// A value that makes no sense is an error that names the file and the path.
/// </summary>
internal sealed class JsonFile
{
    private const long LargestFile = 1 << 20;

    // The system's timers reach little further.
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(24);
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private readonly JsonElement _root;

    private JsonFile(string path, JsonElement root)
    {
        Path = path;
        _root = root;
    }

    public string Path { get; }

    public static JsonFile Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
            {
                throw new FunctionsHostException($"{path} is larger than {LargestFile} bytes.");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path).AsMemory(), Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonFile(path, document.RootElement.Clone())
                : throw new FunctionsHostException($"{path} is not a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new FunctionsHostException($"{path} is not valid JSON: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FunctionsHostException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The same file, with paths counted from an element inside it.</summary>
    public JsonFile At(JsonElement element) => new(Path, element);

    public string? Text(string key) => !Find(key, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Bad(key, value, "a string");

    public string RequiredText(string key) => Text(key) is { Length: > 0 } text ? text : throw new FunctionsHostException($"{Path} lacks \"{key}\".");

    public bool Flag(string key) => Find(key, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(key, value, "true or false"),
    };

    public int? Number(string key, int smallest, int largest) => !Find(key, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= smallest && number <= largest ? number
        : throw Bad(key, value, $"a whole number between {smallest} and {largest}");

    public TimeSpan? Time(string key) => !Find(key, out var value) ? null
        : value.ValueKind == JsonValueKind.String
            && TimeSpan.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var time)
            && time >= TimeSpan.Zero
            && time <= LongestTime ? time
        : throw Bad(key, value, "a time span such as \"00:05:00\", of 24 days at most");

    public IReadOnlyList<string> Texts(string key) =>
        [.. Elements(key).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Bad(key, item, "a list of strings"))];

    public IReadOnlyList<JsonElement> Elements(string key) => !Find(key, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()]
        : throw Bad(key, value, "a list");

    public bool Has(string key) => Find(key, out _);

    private bool Find(string key, [NotNullWhen(true)] out JsonElement value)
    {
        value = _root;
        foreach (var part in key.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            var property = value.EnumerateObject().FirstOrDefault(candidate => candidate.Name.Equals(part, StringComparison.OrdinalIgnoreCase));
            if (property.Value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            {
                return false;
            }

            value = property.Value;
        }

        return true;
    }

    private FunctionsHostException Bad(string key, JsonElement value, string expected) =>
        new($"{Path}: \"{key}\" is {value.GetRawText()}, but it must be {expected}.");
}
