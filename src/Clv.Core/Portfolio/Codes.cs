using System.Text.Json;

namespace Clv.Core.Portfolio;

/// <summary>The names of an enumeration's values as they are written: camel case.</summary>
internal static class Codes<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Names =
        Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    public static string Of(T value) => Names[value];
}
