using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Wire;

/// <summary>Reads rows from OData JSON with minimal metadata, in one pass over the answer's bytes.</summary>
internal static class EntityReader
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>A single row: the answer to a point read.</summary>
    public static TableEntity ReadOne(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        return ReadEntity(ref json, new ColumnNames());
    }

    /// <summary>The rows of a page: the array named "value".</summary>
    public static List<T> ReadPage<T>(ReadOnlySpan<byte> body, Func<TableEntity, T> bind)
    {
        var rows = new List<T>();
        var names = new ColumnNames();
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isRows = json.ValueTextEquals("value"u8);
            json.Read();
            if (!isRows)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            {
                names.Rewind();
                rows.Add(bind(ReadEntity(ref json, names)));
            }
        }

        return rows;
    }

    /// <remarks>
    /// A column's type may be annotated before or after its value: the service writes it before, and JSON promises no order.
    /// </remarks>
    private static TableEntity ReadEntity(ref Utf8JsonReader json, ColumnNames names)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The table service's answer is not a row.");
        }

        var entity = new TableEntity();
        var columns = entity.Properties;
        string? typedName = null, type = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = names.Read(ref json);
            json.Read();
            if (name.EndsWith(EdmType.AnnotationSuffix, StringComparison.Ordinal))
            {
                typedName = name[..^EdmType.AnnotationSuffix.Length];
                type = json.GetString();
                if (columns.TryGetValue(typedName, out var untyped))
                {
                    columns[typedName] = Typed(typedName, untyped, type);
                }
            }
            else if (name is nameof(ITableEntity.Timestamp))
            {
                columns[name] = Typed(name, json.GetString(), EdmType.DateTime);
            }
            else if (name.StartsWith("odata.", StringComparison.Ordinal) && name != TableEntity.ETagName)
            {
                json.Skip();
            }
            else
            {
                var value = Untyped(ref json, name);
                columns[name] = name == typedName ? Typed(name, value, type) : value;
            }
        }

        return entity;
    }

    private static object? Untyped(ref Utf8JsonReader json, string name) => json.TokenType switch
    {
        JsonTokenType.String => json.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,

        // Without an annotation "5" is an Int32 and "5.0" a double; 64-bit integers always come as annotated text.
        JsonTokenType.Number => json.TryGetInt32(out var whole) ? (object)whole : json.GetDouble(),
        _ => throw new JsonException($"Column '{name}' is not a value."),
    };

    [SuppressMessage("Design", "MA0054", Justification = "The original message quotes the value.")]
    private static object? Typed(string name, object? value, string? type)
    {
        try
        {
            return (type, value) switch
            {
                (EdmType.Int64, string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
                (EdmType.Int64, int whole) => (long)whole,
                (EdmType.Double, string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
                (EdmType.Double, int whole) => (double)whole,
                (EdmType.DateTime, string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, Utc),
                (EdmType.Guid, string text) => Guid.Parse(text),
                (EdmType.Binary, string text) => Convert.FromBase64String(text),
                _ => value,
            };
        }
        catch (FormatException)
        {
            throw new JsonException($"Column '{name}' is annotated as {type} but does not read as one.");
        }
    }
}
