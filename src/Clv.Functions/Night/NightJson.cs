using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Clv.Core.Estimation;

namespace Clv.Functions.Night;

/// <summary>How the night writes JSON: camel case, enums by name, NaN and infinities refused.</summary>
internal static class NightJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Results live in table columns of limited length: a letter takes one character, not six.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"Empty JSON where a {typeof(T).Name} belongs.");

    public static T Read<T>(BinaryData json) =>
        JsonSerializer.Deserialize<T>(json.ToMemory().Span, Options) ?? throw new JsonException($"Empty JSON where a {typeof(T).Name} belongs.");

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static BinaryData WriteBytes<T>(T value) => BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(value, Options));

    /// <summary>The models in a file or a marker; null when an earlier program wrote them in a format of its own.</summary>
    public static ModelFile? ReadModels(string json) => Read<Written>(json).Format == ModelFile.CurrentFormat ? Read<ModelFile>(json) : null;

    /// <inheritdoc cref="ReadModels(string)"/>
    public static ModelFile? ReadModels(BinaryData json) => ReadModels(json.ToString());

    private sealed record Written(int Format = 1);
}
