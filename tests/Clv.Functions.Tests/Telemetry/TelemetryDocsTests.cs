using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Clv.Functions.Telemetry;
using Clv.Functions.Tests.Rig;

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

    [GeneratedRegex(@"^\| `(?<name>clv\.[a-z.]+)` \| (?<kind>counter|gauge|histogram), (?<unit>[^ ]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"\bclv(\.[a-z]+)+\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Attribute();
}
