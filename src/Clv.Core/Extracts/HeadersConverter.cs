using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

/// <summary>Reads <c>"Telefon"</c> or <c>["Telefon", "Mobil"]</c>.</summary>
internal sealed class HeadersConverter : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        JsonElement[] headers = json.RootElement.ValueKind == JsonValueKind.Array ? [.. json.RootElement.EnumerateArray()] : [json.RootElement];
        return headers.Length > 0 && Array.TrueForAll(headers, static header => header.ValueKind == JsonValueKind.String)
            ? [.. headers.Select(static header => header.GetString()!)]
            : throw new JsonException("a column must be a header or a list of headers, such as [\"Telefon\", \"Mobil\"]");
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Mappings are only read.");
}
