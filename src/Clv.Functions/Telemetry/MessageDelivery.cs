using System.Globalization;

namespace Clv.Functions.Telemetry;

/// <summary>One delivery of a queue message, as whoever received it tells it before the message is worked on.</summary>
/// <param name="MessageId">The message's id; null when it is not known.</param>
/// <param name="Count">Which delivery of the message it is, from 1; null when it is not known.</param>
public sealed record MessageDelivery(string? MessageId, long? Count)
{
    private static readonly AsyncLocal<MessageDelivery?> Ambient = new();

    /// <summary>The delivery that is being worked on; null outside of one.</summary>
    public static MessageDelivery? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>
    /// Reads a delivery from the host's metadata, whose texts may be quoted. A message's own properties may stand in their place, so nothing but an
    /// id and a number is taken.
    /// </summary>
    public static MessageDelivery Of(string? id, string? count) => new(
        Guid.TryParse(id?.Trim('"'), out var message) ? message.ToString() : null,
        long.TryParse(count?.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
}
