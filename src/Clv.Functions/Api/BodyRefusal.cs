using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Clv.Functions.Api;

/// <summary>
/// Why a body cannot be read: which member, by its path, what belongs there and what to do. It quotes nothing of the body, not even the name of a
/// member that there is not, since both could be personal.
/// </summary>
internal static class BodyRefusal
{
    /// <summary>What to do about a body that is sent as something else than JSON.</summary>
    public const string NoJson = "Send the body as JSON, with Content-Type: application/json.";

    /// <summary>What to do about a body that is too large.</summary>
    public const string TooLarge = "The body is larger than 1 MB: ask for less at once.";

    private const int MostMembers = 8;

    /// <summary>The reason as a sentence.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="endpoint">What was to take the body.</param>
    /// <param name="error">What reading it ended with.</param>
    public static string Of(IServiceProvider services, Endpoint? endpoint, BadHttpRequestException error) => error switch
    {
        { InnerException: JsonException wrong } => Of(services, endpoint, wrong),
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => NoJson,
        { StatusCode: StatusCodes.Status408RequestTimeout } => "The body came too slowly: send it again.",
        _ => "The request or its body did not arrive whole: send it again.",
    };

    private static string Of(IServiceProvider services, Endpoint? endpoint, JsonException wrong)
    {
        // The reader of JSON itself gave up, before anything was known of members.
        if (wrong.InnerException is JsonException || wrong.Path is null)
        {
            return "The body is no well-formed JSON, or nested too deep"
                + (wrong is { LineNumber: { } line, BytePositionInLine: { } position }
                    ? string.Create(CultureInfo.InvariantCulture, $": see line {line + 1}, byte {position + 1}.")
                    : ".");
        }

        var options = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } body
            ? At(wrong.Path, options.GetTypeInfo(body), options)
            : "The body cannot be read: see /api/openapi.json for what belongs there.";
    }

    // Follows the path as far as there are such members.
    private static string At(string path, JsonTypeInfo type, JsonSerializerOptions options)
    {
        var known = new StringBuilder("$");
        foreach (var part in path[1..].Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part[0] == '[' && type.ElementType is { } element && int.TryParse(part.AsSpan(1, part.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                known.Append(part);
                type = options.GetTypeInfo(element);
            }
            else if (type.Properties.FirstOrDefault(member => member.Name.Equals(part, StringComparison.OrdinalIgnoreCase)) is { } member)
            {
                known.Append('.').Append(member.Name);
                type = options.GetTypeInfo(member.PropertyType);
            }
            else
            {
                return $"A member of {known} that is not known here cannot be read: leave it out. {known} must be {Expected(type)}.";
            }
        }

        return $"The body's value at {known} must be {Expected(type)}.";
    }

    private static string Expected(JsonTypeInfo type)
    {
        var of = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => $"an object with {Members(type)}",
            JsonTypeInfoKind.Enumerable => "a list",
            _ when of == typeof(string) => "a text in quotes",
            _ when of == typeof(bool) => "true or false",
            _ when of == typeof(DateOnly) => "a date such as \"2026-11-20\"",
            _ when of.IsEnum => $"one of {string.Join(", ", Enum.GetNames(of).Select(static name => $"\"{JsonNamingPolicy.CamelCase.ConvertName(name)}\""))}",
            _ when of == typeof(int) || of == typeof(long) => "a whole number",
            _ => "a number",
        };
    }

    private static string Members(JsonTypeInfo type) =>
        string.Join(", ", type.Properties.Take(MostMembers).Select(static member => $"\"{member.Name}\""));
}
