using System.Text.Json;
using System.Text.Json.Serialization;
using Clv.Core.Extracts;

namespace Clv.Core;

/// <summary>
/// Reads the JSON files that people write: comments and trailing commas are allowed, but nothing is passed over that could be a mistake, such as an
/// unknown property or one that is there twice.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        Converters = { new AmountSourceConverter() },
    };

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">Its content, with or without a byte order mark.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="what">What it is to be, with its article.</param>
    /// <returns>What it says; null for JSON's null.</returns>
    /// <exception cref="ExtractRefusedException">The JSON is broken, or has an unknown property, one twice, or one of another type.</exception>
    public static T? Parse<T>(ReadOnlySpan<byte> utf8, string file, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, Options);
        }
        catch (JsonException e)
        {
            throw new ExtractRefusedException(file, $"not {what}: {e.Message}", e.LineNumber + 1, e);
        }
    }

    /// <summary>The refusal of a value that has the right type and is not usable.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="property">The property's path.</param>
    /// <param name="expected">What to give instead, as a phrase.</param>
    /// <param name="cause">The exception behind it, if any.</param>
    public static ExtractRefusedException Unusable(string file, string property, string expected, Exception? cause = null) =>
        new(file, $"the value of \"{property}\" cannot be used: give {expected}", cause: cause);
}
