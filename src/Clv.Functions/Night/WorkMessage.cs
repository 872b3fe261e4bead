using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clv.Functions.Night;

/// <summary>One unit of work as it travels through the queue. The blobs are the payload.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Phase">The phase.</param>
/// <param name="Unit">The unit's number within the phase, from 0.</param>
/// <param name="Date">For the plan alone: the date of the extract folder.</param>
/// <param name="Until">For the plan alone: the date up to which later nights follow the run (<see cref="Night.Run.Until"/>).</param>
/// <param name="Replaces">For the plan alone: the run whose place the run takes (<see cref="Night.Run.Replaces"/>).</param>
public sealed record WorkMessage(
    string Run,
    Phase Phase,
    int Unit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? Date = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? Until = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Replaces = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter<Phase>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads a message's text.</summary>
    /// <exception cref="JsonException">The text is not a message.</exception>
    public static WorkMessage Parse(string text)
    {
        var message = JsonSerializer.Deserialize<WorkMessage>(text, Json);
        return message is { Run: { } run, Unit: >= 0 } && RunId.IsValid(run) && (message.Replaces is null || RunId.IsValid(message.Replaces))
            ? message
            : throw new JsonException("Not a unit of work: run, phase and unit are required.");
    }

    /// <summary>The message's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
