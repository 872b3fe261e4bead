using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Clv.Functions.Telemetry;
using Clv.Functions.Tests.Rig;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Clv.Functions.Tests.Telemetry;

/// <summary>docs/telemetry.md and the code tell of the same instruments and attributes.</summary>
public sealed partial class TelemetryDocsTests
{
    private static readonly string Docs = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "telemetry.md"));

    [Fact]
    public void Metrics_OfTheDocs_AreThoseOfTheCode()
    {
        var instruments = new Dictionary<string, Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter == ClvTelemetry.Meter)
                {
                    instruments[instrument.Name] = instrument;
                }
            },
        };
        listener.Start();
        foreach (var type in (Type[])[typeof(NightMetrics), typeof(StorageMetrics), typeof(LookupMetrics)])
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        var told = Metric().Matches(Docs).ToDictionary(static row => row.Groups["name"].Value, static row => (Kind: row.Groups["kind"].Value, Unit: row.Groups["unit"].Value));

        Assert.Equal(instruments.Keys.Append(PublishedAgeGauge.Name).Distinct().Order(StringComparer.Ordinal), told.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, instrument) in instruments)
        {
            Assert.Equal(instrument.Unit, told[name].Unit);
            Assert.Contains(told[name].Kind, instrument.GetType().Name, StringComparison.OrdinalIgnoreCase);
            Assert.False(string.IsNullOrEmpty(instrument.Description), $"{name} has no description.");
        }
    }

    [Fact]
    public void Attributes_OfTheCode_AreInTheDocs() => Assert.All(
        typeof(Tags).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!)
            .Where(static tag => !tag.StartsWith("messaging.", StringComparison.Ordinal)),
        static tag => Assert.Contains($"`{tag}`", Docs, StringComparison.Ordinal));

    [Fact]
    public void Attributes_OfTheDocs_AreInTheCode()
    {
        var known = typeof(Tags).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!).ToHashSet(StringComparer.Ordinal);
        var metrics = Metric().Matches(Docs).Select(static row => row.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        Assert.All(
            Attribute().Matches(Docs).Select(static match => match.Value),
            name => Assert.True(known.Contains(name) || metrics.Contains(name), $"Nothing in the code is called {name}."));
    }

    [Fact]
    public void SettingsThatSilenceAlarms_AreThoseOfTheDocs()
    {
        var custom = Head("custom handler");
        var isolated = Head("isolated worker");

        Assert.True(IsReadByItsAlarm());
        Assert.NotEmpty(custom.LeftOut);
        Assert.All(custom.LeftOut, static setting => Assert.True(IsReadByItsAlarm(setting)));
        Assert.Equal(2, custom.Silences.Count);
        Assert.All(custom.Silences, static setting => Assert.False(IsReadByItsAlarm(setting)));
        Assert.True(SendsRecords());
        Assert.Empty(isolated.LeftOut);
        Assert.NotEmpty(isolated.Silences);
        Assert.All(isolated.Silences, static setting => Assert.False(SendsRecords(setting)));

        static (IReadOnlyList<string> LeftOut, IReadOnlyList<string> Silences) Head(string name)
        {
            var cells = Docs.Split('\n').Single(line => line.StartsWith($"| {name} |", StringComparison.Ordinal)).Split('|');
            return (Settings(cells[3]), Settings(cells[4]));
        }

        static IReadOnlyList<string> Settings(string cell) => [.. Setting().Matches(cell).Select(static match => match.Groups["setting"].Value)];
    }

    // The line of a warning as the console has it, if it has one, by the expression of the template's alarms.
    private static bool IsReadByItsAlarm(params string[] settings)
    {
        const string category = "Clv.Functions.Night.Watchdog";
        using var app = App.Build(
        [
            "FUNCTIONS_CUSTOMHANDLER_PORT=1", "AzureWebJobsStorage=UseDevelopmentStorage=true", $"Clv:HashKey={NightRig.HashKey}",
            .. settings.Select(static setting => setting.Replace("__", ":", StringComparison.Ordinal)),
        ]);
        if (!app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(LogLevel.Warning))
        {
            return false;
        }

        var formatter = app.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName;
        using var line = new StringWriter();
        app.Services.GetServices<ConsoleFormatter>().Single(each => each.Name == formatter).Write(
            new LogEntry<string>(LogLevel.Warning, category, new EventId(32), "What happened", exception: null, static (text, _) => text), scopeProvider: null, line);
        var alarms = File.ReadAllText(Path.Combine(Repository.Folder, "infra", "modules", "alerts.bicep"));
        // Kusto's expressions are RE2, of which .NET's are a superset for what stands here.
        return Regex.IsMatch(line.ToString(), Extraction().Match(alarms).Groups["expression"].Value, RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    private static bool SendsRecords(params string[] settings) => TelemetryOptions.From(new ConfigurationBuilder().AddInMemoryCollection(
    [
        KeyValuePair.Create("APPLICATIONINSIGHTS_CONNECTION_STRING", (string?)"InstrumentationKey=5b5450db-eb26-4c1a-981c-ba1d25f0483d;IngestionEndpoint=https://127.0.0.1:1/"),
        .. settings.Select(static setting => KeyValuePair.Create(setting.Split('=')[0], (string?)setting.Split('=')[1])),
    ]).Build()).Insights!.Logs;

    [GeneratedRegex("`(?<setting>[A-Za-z_]+=[a-z]+)`", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setting();

    [GeneratedRegex("extract\\(@\"(?<expression>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Extraction();

    [GeneratedRegex(@"^\| `(?<name>clv\.[a-z.]+)` \| (?<kind>counter|gauge|histogram), (?<unit>[^ ]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"\bclv(\.[a-z]+)+\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Attribute();
}
