using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// Writes a row as OData JSON. What JSON cannot tell apart gets an annotation in front: 64-bit integers (as text), doubles (so that a whole
/// one stays one), times, GUIDs and binaries.
/// </summary>
internal static class EntityWriter
{
    /// <exception cref="ArgumentException">A key is null.</exception>
    /// <exception cref="NotSupportedException">A value's type has no column type, or a time is not in UTC.</exception>
    public static void Write(Utf8JsonWriter json, ITableEntity entity)
    {
        RequireKeys(entity);
        json.WriteStartObject();
        if (entity is TableEntity bag)
        {
            foreach (var (name, value) in bag.Properties)
            {
                WriteColumn(json, name, value);
            }
        }
        else
        {
            foreach (var (name, value) in EntityShape.ColumnsOf(entity))
            {
                WriteColumn(json, name, value);
            }
        }

        json.WriteEndObject();
    }

    public static void RequireKeys(ITableEntity entity)
    {
        if (entity.PartitionKey is null || entity.RowKey is null)
        {
            throw new ArgumentException("The entity needs a PartitionKey and a RowKey.", nameof(entity));
        }
    }

    private static void WriteColumn(Utf8JsonWriter json, string name, object? value)
    {
        // The service sets these two itself.
        if (value is null || name is nameof(ITableEntity.Timestamp) or TableEntity.ETagName)
        {
            return;
        }

        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case int or short or sbyte or byte or ushort:
                json.WriteNumber(name, Convert.ToInt32(value, CultureInfo.InvariantCulture));
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case long whole:
                Annotate(json, name, EdmType.Int64);
                WriteInt64(json, name, whole);
                break;
            case uint whole:
                Annotate(json, name, EdmType.Int64);
                WriteInt64(json, name, whole);
                break;
            case double or float:
                Annotate(json, name, EdmType.Double);
                WriteDouble(json, name, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                Annotate(json, name, EdmType.DateTime);
                WriteTime(json, name, time.UtcDateTime);
                break;
            case DateTime { Kind: DateTimeKind.Utc } time:
                Annotate(json, name, EdmType.DateTime);
                WriteTime(json, name, time);
                break;
            case Guid guid:
                Annotate(json, name, EdmType.Guid);
                json.WriteString(name, guid);
                break;
            case byte[] bytes:
                Annotate(json, name, EdmType.Binary);
                json.WriteBase64String(name, bytes);
                break;
            case BinaryData data:
                Annotate(json, name, EdmType.Binary);
                json.WriteBase64String(name, data.ToMemory().Span);
                break;
            case DateTime:
                throw new NotSupportedException($"Column '{name}' is a DateTime that is not in UTC.");
            default:
                throw new NotSupportedException($"Column '{name}' is a {value.GetType().Name}, which no column type holds.");
        }
    }

    private static void Annotate(Utf8JsonWriter json, string name, string type) => json.WriteString(name + EdmType.AnnotationSuffix, type);

    private static void WriteInt64(Utf8JsonWriter json, string name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        json.WriteString(name, digits[..length]);
    }

    /// <remarks>JSON has no NaN and no infinities; OData spells them as text, in the invariant culture's words.</remarks>
    private static void WriteDouble(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTime utc)
    {
        // "O" of a UTC time is what OData expects: seven digits and a Z.
        Span<byte> text = stackalloc byte[28];
        Utf8Formatter.TryFormat(utc, text, out var length, new('O'));
        json.WriteString(name, text[..length]);
    }
}
