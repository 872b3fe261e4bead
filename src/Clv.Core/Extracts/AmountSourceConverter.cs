using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

/// <summary>Reads <c>"Betrag"</c> or <c>{ "product": ["Menge", "Preis"] }</c>.</summary>
internal sealed class AmountSourceConverter : JsonConverter<AmountSource>
{
    private const string Expected = "\"amount\" must be a header, or { \"product\": [\"quantity header\", \"price header\"] }";

    public override AmountSource Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new AmountSource(reader.GetString()!);
        }

        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.EnumerateObject().Count() == 1
            && json.RootElement.TryGetProperty("product", out var product)
            && product.ValueKind == JsonValueKind.Array
            && product.GetArrayLength() == 2
            && product[0].ValueKind == JsonValueKind.String
            && product[1].ValueKind == JsonValueKind.String
            ? new AmountSource(product[0].GetString()!, product[1].GetString())
            : throw new JsonException(Expected);
    }

    public override void Write(Utf8JsonWriter writer, AmountSource value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Mappings are only read.");
}
