using System.Text.Json;
using Clv.Functions.Telemetry;

namespace Clv.Functions.Triggers;

/// <summary>What the Functions host posts for a timer or a queue message: the trigger's data, and metadata.</summary>
/// <param name="Data">The trigger's data by binding name.</param>
/// <param name="Metadata">What else is known of the call, of which only a message's id and its count of deliveries are used.</param>
internal sealed record Invocation(Dictionary<string, JsonElement> Data, Dictionary<string, JsonElement>? Metadata = null)
{
    /// <summary>Which delivery of which message it is.</summary>
    public MessageDelivery Delivery => MessageDelivery.Of(Text("Id"), Text("DequeueCount"));

    /// <summary>
    /// The text of a queue message. The host sends it as a JSON string within a JSON string; hosts that send the message's own JSON, or its
    /// plain text, are understood too.
    /// </summary>
    /// <exception cref="JsonException">There is no binding of this name.</exception>
    public string Message(string binding)
    {
        if (!Data.TryGetValue(binding, out var value))
        {
            throw new JsonException($"The invocation has no data for binding \"{binding}\".");
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return value.GetRawText();
        }

        var text = value.GetString()!;
        try
        {
            return text.StartsWith('"') ? JsonSerializer.Deserialize<string>(text)! : text;
        }
        catch (JsonException)
        {
            // Plain text that begins like a JSON string.
            return text;
        }
    }

    private string? Text(string name) => Metadata?.GetValueOrDefault(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? value.ToString() : null;
}

/// <summary>The answer to an invocation. It must have a body: the host waits for ever on an empty one.</summary>
/// <param name="Outputs">Output bindings; none are used.</param>
/// <param name="Logs">Lines for the host's log.</param>
/// <param name="ReturnValue">The return binding; not used.</param>
internal sealed record InvocationAnswer(IReadOnlyDictionary<string, object> Outputs, IReadOnlyList<string> Logs, object? ReturnValue)
{
    public static InvocationAnswer Empty { get; } = new(new Dictionary<string, object>(), [], null);
}
