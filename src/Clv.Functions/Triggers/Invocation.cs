using System.Text.Json;

namespace Clv.Functions.Triggers;

/// <summary>What the Functions host posts for a timer or a queue message: the trigger's data, and metadata that is not needed here.</summary>
/// <param name="Data">The trigger's data by binding name.</param>
internal sealed record Invocation(Dictionary<string, JsonElement> Data)
{
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
}

/// <summary>The answer to an invocation. It must have a body: the host waits for ever on an empty one.</summary>
/// <param name="Outputs">Output bindings; none are used.</param>
/// <param name="Logs">Lines for the host's log.</param>
/// <param name="ReturnValue">The return binding; not used.</param>
internal sealed record InvocationAnswer(IReadOnlyDictionary<string, object> Outputs, IReadOnlyList<string> Logs, object? ReturnValue)
{
    public static InvocationAnswer Empty { get; } = new(new Dictionary<string, object>(), [], null);
}
