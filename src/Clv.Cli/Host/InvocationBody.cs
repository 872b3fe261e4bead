using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Storage.Queues.Models;

namespace Clv.Cli.Host;

/// <summary>
/// The JSON that the host sends to the handler. Texts are strings that hold JSON themselves, so a message is to be decoded twice;
/// the handler of a custom-handler app depends on this very shape.
/// </summary>
internal static class InvocationBody
{
    // The real host escapes no more than JSON asks for. The body goes to the handler alone, never into a page.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Texts = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of a timer call.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="binding">The timer binding's name.</param>
    /// <param name="status">What is known of the schedule, or null for one that comes more than once a minute.</param>
    /// <param name="manually">Whether somebody asked for this call, rather than the schedule.</param>
    /// <param name="now">The time of the call.</param>
    public static byte[] ForTimer(string function, string binding, TimerStatus? status, bool manually, DateTimeOffset now)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (manually)
        {
            metadata[binding] = Text("manual");
        }

        return Write(function, metadata, now, writer =>
        {
            writer.WriteStartObject(binding);
            writer.WriteStartObject("Schedule");
            writer.WriteBoolean("AdjustForDST", true);
            writer.WriteEndObject();
            if (status is null)
            {
                writer.WriteNull("ScheduleStatus");
            }
            else
            {
                writer.WriteStartObject("ScheduleStatus");
                writer.WriteString("Last", Moment(status.Last));
                writer.WriteString("Next", Moment(status.Next));
                writer.WriteString("LastUpdated", Moment(status.LastUpdated));
                writer.WriteEndObject();
            }

            writer.WriteBoolean("IsPastDue", false);
            writer.WriteEndObject();
        });
    }

    /// <summary>The body of a queue call.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="binding">The queue binding's name.</param>
    /// <param name="message">The message as it came from the queue.</param>
    /// <param name="text">Its decoded text.</param>
    /// <param name="now">The time of the call.</param>
    public static byte[] ForQueue(string function, string binding, QueueMessage message, string text, DateTimeOffset now)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["DequeueCount"] = message.DequeueCount.ToString(CultureInfo.InvariantCulture),
            ["Id"] = Text(message.MessageId),
            ["PopReceipt"] = Text(message.PopReceipt),
            ["InsertionTime"] = Moment(message.InsertedOn),
            ["ExpirationTime"] = Moment(message.ExpiresOn),
            ["NextVisibleTime"] = Moment(message.NextVisibleOn),
        };
        foreach (var (name, value) in TopLevelProperties(text))
        {
            // Under the message's own spelling of the name, in the place of the host's entry.
            metadata.Remove(name);
            metadata[name] = value;
        }

        return Write(function, metadata, now, writer => writer.WriteString(binding, Text(text)));
    }

    private static byte[] Write(string function, IReadOnlyDictionary<string, string> metadata, DateTimeOffset now, Action<Utf8JsonWriter> writeData)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("Data");
            writeData(writer);
            writer.WriteEndObject();
            writer.WriteStartObject("Metadata");
            foreach (var (name, value) in metadata)
            {
                writer.WriteString(name, value);
            }

            if (!metadata.ContainsKey("sys"))
            {
                writer.WriteStartObject("sys");
                writer.WriteString("MethodName", function);
                writer.WriteString("UtcNow", now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                writer.WriteString("RandGuid", Guid.NewGuid());
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<(string Name, string Value)> TopLevelProperties(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith('{'))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateObject().Select(property => (property.Name, AsText(property.Value)))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Any text is a message; only one that is a JSON object has properties. A lone surrogate is a string that cannot be read.
            return [];
        }
    }

    private static string AsText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Text(value.GetString()!) : value.GetRawText();

    private static string Text(string value) => JsonSerializer.Serialize(value, Texts);

    private static string Moment(DateTimeOffset? moment) =>
        (moment ?? DateTimeOffset.MinValue).ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
}
