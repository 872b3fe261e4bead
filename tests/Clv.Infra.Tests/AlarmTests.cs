using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Clv.Functions.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Clv.Infra.Tests;

/// <summary>Whatever asks somebody to do something is an alarm.</summary>
public sealed partial class AlarmTests(Deployments deployments)
{
    private const string TwoLines = "of\ntwo lines";

    // Warnings that ask nobody to do anything.
    private static readonly Dictionary<int, string> Unalarmed = new()
    {
        [3] = "a message that came late: nothing is to be done",
        [21] = "what an operator did, for the record",
        [22] = "what an operator did, for the record",
        [35] = "a newer night took the run's place: nothing is to be done",
        [51] = "a row of the audit too many: nothing is to be done",
    };

    private static IReadOnlyList<(int Event, LogLevel Level)> Logged { get; } =
    [
        .. typeof(Functions.App).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(static message => (message.EventId, message.Level)),
    ];

    private static IReadOnlyList<int> Alarming { get; } = [.. Logged.Where(static message => message.Level >= LogLevel.Warning).Select(static message => message.Event).Order()];

    [Theory]
    [MemberData(nameof(Deployments.Names), MemberType = typeof(Deployments))]
    public void EveryWarningAndError_IsAnAlarm_OrNoneOnPurpose(string name)
    {
        var alarms = deployments[name].Alerts.SelectMany(static alert => Events(alert.Query)).ToList();

        Assert.NotEmpty(Alarming);
        Assert.Equal(Alarming, alarms.Concat(Unalarmed.Keys).Order());
    }

    [Fact]
    public void EveryWarningAndError_IsInTheOperatorsDocument()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Folder, "docs", "operations.md")))
            .ToDictionary(static row => int.Parse(row.Groups["event"].Value, CultureInfo.InvariantCulture), static row => row.Groups["level"].Value);

        Assert.Equal(Alarming, rows.Keys.Order());
        Assert.All(Logged.Where(static message => message.Level >= LogLevel.Warning), message => Assert.Equal(message.Level.ToString(), rows[message.Event], ignoreCase: true));
    }

    [Fact]
    public void EveryOtherAlarm_IsInTheOperatorsDocument()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "operations.md"));
        var others = deployments.Production.Alerts.Where(static alert => !alert.Query.StartsWith("traces\n| extend event", StringComparison.Ordinal)).Select(static alert => alert.Name)
            .Concat(deployments.Production.Names("Microsoft.Insights/metricAlerts")).Select(static name => name.Split("-clv-prod-")[0]).ToList();

        Assert.Contains("unhealthy", others);
        Assert.All(others, name => Assert.Contains($"| `{name}` |", document, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Measures_AreThoseThatTheAppHas()
    {
        var instruments = new ConcurrentDictionary<string, string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments[instrument.Name] = instrument.Meter.Name };
        listener.Start();
        // Made, and begun as far as it is the product's: nothing is sent.
        await using var app = Functions.App.Build([.. Settings.ProgramSettings.Minimal, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1"], static services => services.AddLogging(static log => log.ClearProviders()));
        foreach (var service in app.Services.GetServices<IHostedService>().Where(static service => service.GetType().Assembly == typeof(Functions.App).Assembly))
        {
            await service.StartAsync(TestContext.Current.CancellationToken);
        }

        foreach (var type in typeof(Functions.App).Assembly.GetTypes().Where(static type => type.Namespace == "Clv.Functions.Telemetry" && !type.ContainsGenericParameters))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        var measured = deployments.Production.Alerts.SelectMany(static alert => Measure().Matches(alert.Query)).Select(static name => name.Groups["name"].Value).ToHashSet();
        Assert.Equal(["clv.lookup.duration", "clv.night.rows", "clv.published.age"], measured.Order());
        Assert.Subset(instruments.Keys.ToHashSet(), measured);
    }

    // As the app writes it and the host passes it on: a line of text.
    [Fact]
    public async Task ALineOfTheLog_IsReadByTheAlarmOfItsEvent()
    {
        var (output, error) = (Console.Out, Console.Error);
        using var lines = new StringWriter();
        try
        {
            var synchronised = TextWriter.Synchronized(lines);
            Console.SetOut(synchronised);
            Console.SetError(synchronised);
            await using var app = Functions.App.Build(Settings.ProgramSettings.Minimal);
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<Functions.Night.Watchdog>();
            var cause = new InvalidOperationException(TwoLines);
            foreach (var number in Alarming)
            {
                var level = Logged.First(message => message.Event == number).Level;
                logger.Log(level, new EventId(number), "What happened", cause, static (text, _) => text);
            }
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }

        var written = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Alarming.Count, written.Length);
        foreach (var (_, _, query) in deployments.Production.Alerts.Where(static alert => Events(alert.Query).Any()))
        {
            // Kusto's expressions are RE2, of which .NET's are a superset for what stands here.
            var number = new Regex(Expression().Match(query).Groups["expression"].Value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            Assert.Equal(Alarming, written.Select(line => int.Parse(number.Match(line).Groups[1].Value, CultureInfo.InvariantCulture)).Order());
        }
    }

    // What the worker sends itself has no beginning, and the alarms are the same.
    [Fact]
    public void Alarms_OfTheIsolatedWorker_ReadTheNumberBesideTheLine()
    {
        var queries = deployments.WithSignIn.Alerts.Select(static alert => alert.Query).Where(static query => Events(query).Any()).ToList();
        Assert.Equal(deployments.Production.Alerts.Count(static alert => Events(alert.Query).Any()), queries.Count);
        Assert.All(queries, static query => Assert.Contains("toint(customDimensions.EventId)", query, StringComparison.Ordinal));
        Assert.All(queries, static query => Assert.DoesNotMatch(Expression(), query));
    }

    [Fact]
    public void EachOfWhatWasAskedFor_IsAnAlarm()
    {
        var names = deployments.Production.Alerts.Select(static alert => alert.Name.Split("-clv-prod-")[0]).ToHashSet();
        Assert.Superset(
            new HashSet<string> { "night-late", "run-held", "run-failed", "poison-messages", "lookup-errors", "lookup-slow", "quarantine-share", "watch-silent" }, names);
        Assert.Single(deployments.Production.Of("Microsoft.Insights/metricAlerts"));
    }

    [Fact]
    public void TheSilentWatchdog_IsTheFunctionOfThatName()
    {
        var query = deployments.Production.Alerts.Single(static alert => alert.Name.StartsWith("watch-silent", StringComparison.Ordinal)).Query;
        Assert.Contains(FunctionFiles.Functions, function => query.Contains($"'Functions.{function}'", StringComparison.Ordinal));
    }

    [Fact]
    public void ALateNight_IsLateWhenTheSettingSaysSo()
    {
        Assert.Contains("> 30.5 * 3600", Late(deployments.WithEverything), StringComparison.Ordinal);
        Assert.Contains("> 26 * 3600", Late(deployments.Production), StringComparison.Ordinal);

        static string Late(Deployment deployment) => deployment.Alerts.Single(static alert => alert.Name.StartsWith("night-late", StringComparison.Ordinal)).Query;
    }

    // A page that asks for no key: with function keys the host asks for one in front of the whole API.
    [Fact]
    public void Health_IsAskedWhereNobodyNeedsAKey()
    {
        Assert.EndsWith(", '/')]", Address(deployments.Production), StringComparison.Ordinal);
        Assert.Empty(deployments.Dev.Of("Microsoft.Insights/webtests"));
        // Only ranges may call, and the test's are not among them.
        Assert.Empty(deployments.WithSignIn.Of("Microsoft.Insights/webtests"));

        static string Address(Deployment deployment) => Deployment.Text(deployment.One("Microsoft.Insights/webtests")["properties"]!["Request"]!["RequestUrl"]);
    }

    [Fact]
    public void Alarms_ReachSomebody()
    {
        var everybody = deployments.WithEverything;
        var group = Deployment.Text(everybody.One("Microsoft.Insights/actionGroups")["id"]);
        Assert.Equal("operations@example.com", Deployment.Text(everybody.One("Microsoft.Insights/actionGroups")["properties"]!["emailReceivers"]![0]!["emailAddress"]));
        Assert.All(
            everybody.Alerts,
            alert =>
            {
                var groups = alert.Properties["actions"]!["actionGroups"]!.AsArray().Select(Deployment.Text).ToList();
                Assert.Equal(2, groups.Count);
                Assert.Contains(group, groups);
                Assert.Contains(groups, static each => each.EndsWith("/ops", StringComparison.Ordinal));
            });
    }

    internal static IEnumerable<int> Events(string query) =>
        EventList().Matches(query).SelectMany(static list => list.Groups["events"].Value.Split(", ")).Select(static number => int.Parse(number, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"event in \((?<events>[0-9, ]+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EventList();

    [GeneratedRegex("name == \"(?<name>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Measure();

    [GeneratedRegex("extract\\(@\"(?<expression>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"^\| (?<event>[0-9]+) \| (?<level>warning|error) \|", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Row();
}
