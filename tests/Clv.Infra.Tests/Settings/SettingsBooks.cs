namespace Clv.Infra.Tests.Settings;

/// <summary>The places that name the product's settings. They agree, or it is said where they do not.</summary>
/// <param name="Program">What the program reads.</param>
/// <param name="Sample">What local.settings.sample.json has.</param>
/// <param name="Template">What the template sets with one option or another.</param>
/// <param name="Documented">What the table of settings explains.</param>
internal sealed record SettingsBooks(IReadOnlySet<string> Program, IReadOnlySet<string> Sample, IReadOnlySet<string> Template, IReadOnlySet<string> Documented)
{
    /// <summary>Beginnings of names that are not the product's, and whose they are.</summary>
    public static IReadOnlyDictionary<string, string> Standard { get; } = new Dictionary<string, string>
    {
        ["FUNCTIONS_"] = "the Functions host's: it tells the handler its port, and Core Tools which kind of app it is; in Azure the app's configuration says so",
        ["AzureWebJobsDisableHomepage"] = "the Functions host's: it has no page of its own; Core Tools on a developer's machine may",
        ["WEBSITE_"] = "App Service's: set by the platform, never by a template",
        ["APPLICATIONINSIGHTS_"] = "Azure Monitor's: where telemetry goes; nothing goes there from a developer's machine",
        ["OTEL_"] = "OpenTelemetry's: documented by it, and set by whoever has a collector",
        ["Logging:"] = ".NET's: levels and format of the log",
        ["CLV_HOST_SECRET"] = "given by `clv` to its own processes, and by nobody else",
    };

    /// <summary>A sentence for each setting that one place has and another has not.</summary>
    public IEnumerable<string> Differences()
    {
        foreach (var name in Product(Program))
        {
            foreach (var (place, names) in Places.Where(place => !place.Names.Contains(name)))
            {
                yield return $"{name} is read, but {place} does not have it.";
            }
        }

        foreach (var (place, names) in Places)
        {
            foreach (var name in Product(names).Except(Program, StringComparer.Ordinal))
            {
                yield return $"{place} has {name}, but nobody reads it.";
            }
        }
    }

    private (string Place, IReadOnlySet<string> Names)[] Places =>
    [
        ("local.settings.sample.json", Sample),
        ("infra/main.bicep", Template),
        ("the table of settings in docs/settings.md or README.md", Documented),
    ];

    private static IEnumerable<string> Product(IEnumerable<string> names) =>
        names.Where(static name => !Standard.Keys.Any(start => name.StartsWith(start, StringComparison.Ordinal))).Order(StringComparer.Ordinal);
}
