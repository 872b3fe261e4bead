using System.Globalization;

namespace Azure.Data.Tables.Wire;

/// <summary>Literals of a filter.</summary>
internal static class ODataFilter
{
    /// <exception cref="ArgumentException">An interpolated value is of a type that no column can have.</exception>
    public static string Create(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var literals = new object[filter.ArgumentCount];
        for (var i = 0; i < literals.Length; i++)
        {
            literals[i] = Literal(filter.GetArgument(i), nameof(filter));
        }

        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    private static string Literal(object? value, string parameter) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => Quote(text),
        char letter => Quote(letter.ToString()),
        sbyte or byte or short or ushort or int => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),

        // Without its suffix a long would be compared as an Int32, and a long column never equals one.
        long or uint => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture) + "L",
        float or double => Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        DateTimeOffset time => $"datetime'{Time(time.UtcDateTime)}'",
        DateTime time => $"datetime'{Time(time.ToUniversalTime())}'",
        Guid guid => $"guid'{guid:D}'",
        byte[] bytes => $"X'{Convert.ToHexStringLower(bytes)}'",
        BinaryData data => $"X'{Convert.ToHexStringLower(data)}'",
        _ => throw new ArgumentException($"A filter cannot compare with a {value.GetType().Name}.", parameter),
    };

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Time(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return value == Math.Truncate(value) && text.AsSpan().IndexOfAny('E', '.') < 0 && double.IsFinite(value) ? text + ".0" : text;
    }
}
