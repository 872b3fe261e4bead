using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Clv.Cli.Host;

/// <summary>The app settings, by name whatever its case; <c>Clv__Schedule</c> and <c>Clv:Schedule</c> are one name.</summary>
internal sealed partial class AppSettings
{
    private readonly Dictionary<string, string> _byName = new(StringComparer.OrdinalIgnoreCase);

    public AppSettings(IReadOnlyDictionary<string, string> settings)
    {
        Environment = settings;
        foreach (var (name, value) in settings)
        {
            _byName[Canonical(name)] = value;
        }

        Configuration = new ConfigurationBuilder().AddInMemoryCollection(_byName.Select(static s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
    }

    /// <summary>The settings as they were given, for the handler's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The settings in sections, as the app itself reads them.</summary>
    public IConfiguration Configuration { get; }

    public string? Find(string name) => _byName.GetValueOrDefault(Canonical(name));

    /// <summary>Replaces every <c>%name%</c> by the setting of that name.</summary>
    /// <param name="text">The text, as function.json has it.</param>
    /// <param name="where">Names the place in the message about a missing setting.</param>
    public string Resolve(string text, string where) => Reference().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        return Find(name) ?? throw new FunctionsHostException(
            $"{where} refers to the app setting {match.Value}, which is not set. Set {name.Replace(":", "__", StringComparison.Ordinal)}.");
    });

    private static string Canonical(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
