using System.Text.Json;

namespace Clv.Functions.Triggers;

/// <summary>The host's JSON: property names as they are.</summary>
internal static class InvocationJson
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNameCaseInsensitive = true };
}
