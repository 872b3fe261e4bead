using System.Text.Json;

namespace Clv.Core.Relationship;

/// <summary>The names under which enumerations appear in the API, in tables and in files: <c>atRisk</c> for <c>AtRisk</c>.</summary>
public static class Codes
{
    /// <summary>The code of a value, in camel case.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The enumeration has no such value.</exception>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        Names<TEnum>.ByValue.TryGetValue(value, out var name)
            ? name
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{typeof(TEnum).Name} has no such value.");

    private static class Names<TEnum>
        where TEnum : struct, Enum
    {
        public static Dictionary<TEnum, string> ByValue { get; } =
            Enum.GetValues<TEnum>().ToDictionary(static value => value, static value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
    }
}
