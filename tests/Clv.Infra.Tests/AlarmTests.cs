using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml;
using Azure.Monitor.OpenTelemetry.Exporter;
using Clv.Core.Extracts;
using Clv.Functions.Night;
using Clv.Functions.Telemetry;
using Clv.Functions.Tests.Rig;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

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

    private static RunSettings OneFile { get; } = new()
    {
        Snapshot = true,
        Partitions = 1,
        HorizonWeeks = 52,
        DiscountRate = 0.1,
        FitCustomers = 1,
        HashKeyFingerprint = "",
        FilesOf = new Dictionary<FileContent, int> { [FileContent.Transactions] = 1 },
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
        Assert.Equal(["clv.lookup.duration", "clv.night.quarantine.share", "clv.published.age"], measured.Order());
        Assert.Subset(instruments.Keys.ToHashSet(), measured);
    }

    // A tag that no measurement has, or that never has the value that is looked for, would make an alarm deaf.
    [Fact]
    public async Task Tags_AreThoseThatTheAppRecords()
    {
        var recorded = new ConcurrentBag<(string Measure, string Tag, string? Value)>();
        using var listener = new MeterListener { InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();

        var lookup = new DefaultHttpContext();
        lookup.Request.Method = HttpMethods.Get;
        lookup.Request.Path = "/api/customers";
        lookup.SetEndpoint(new RouteEndpoint(static _ => Task.CompletedTask, RoutePatternFactory.Parse("/api/customers"), 0, null, null));
        await new RequestTelemetry(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }).InvokeAsync(lookup);
        NightMetrics.Checked(OneFile, BooksOf(read: 10, quarantined: 4));

        var looked = deployments.Production.Alerts.Where(static alert => Measure().IsMatch(alert.Query)).SelectMany(static alert =>
            Tag().Matches(alert.Query).Select(tag => (Measure: Measure().Match(alert.Query).Groups["name"].Value, Tag: tag.Groups["tag"].Value, Value: tag.Groups["value"].Value))).ToList();
        Assert.Equal(
            [("clv.lookup.duration", "outcome", "failed"), ("clv.night.quarantine.share", "kind", "")],
            looked.Order());
        Assert.All(looked, each => Assert.Contains(recorded, record => (record.Measure, record.Tag) == (each.Measure, each.Tag) && (each.Value.Length == 0 || record.Value == each.Value)));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (tag, value) in tags)
            {
                recorded.Add((instrument.Name, tag, value as string));
            }
        }
    }

    // Rows that are set aside are counted first and those that are used much later, so of a night that has only read its files no share is told.
    [Fact]
    public void TheShareOfRowsSetAside_IsToldOfNightsWhoseBooksAreThere()
    {
        var name = Measure().Match(QuarantineShare(deployments.Production)).Groups["name"].Value;
        var told = new ConcurrentQueue<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, share, _, _) => told.Enqueue(share));
        listener.SetMeasurementEventCallback<long>((_, rows, _, _) => told.Enqueue(rows));
        listener.Start();

        NightMetrics.UnitDone(OneFile, Phase.Ingest, 0, NightJson.Write(new IngestResult("transactions.csv", 1_000, 1, new Dictionary<QuarantineReason, long>(), [])), 1);
        Assert.Empty(told);

        NightMetrics.Checked(OneFile, BooksOf(read: 1_000, quarantined: 1));
        Assert.Equal([0.001], told);
        Assert.Contains("> 0.02", QuarantineShare(deployments.Production), StringComparison.Ordinal);

        static string QuarantineShare(Deployment deployment) => deployment.Alerts.Single(static alert => alert.Name.StartsWith("quarantine-share", StringComparison.Ordinal)).Query;
    }

    // By the exporter's own words, and as the app has it export: else the share of a bad night would be an alarm for as long as its process lives.
    [Fact]
    public void TheShareOfRowsSetAside_IsSentOnceForEachNight()
    {
        var sent = new SentTelemetry();
        using (var meters = Sdk.CreateMeterProviderBuilder().AddMeter(ClvTelemetry.Name)
            .AddReader(new PeriodicExportingMetricReader(new AzureMonitorMetricExporter(sent.Options)) { TemporalityPreference = MetricReaderTemporalityPreference.Delta }).Build())
        {
            NightMetrics.Checked(OneFile, BooksOf(read: 10, quarantined: 4));
            meters.ForceFlush();
            meters.ForceFlush();
        }

        var shares = sent.Items.Select(static item => item["data"]!["baseData"]!).Where(static data => Deployment.Text(data["metrics"]?[0]?["name"]) == "clv.night.quarantine.share").ToList();
        Assert.Equal([("transactions", 0.4)], shares.Select(static data => (Deployment.Text(data["properties"]!["kind"]), data["metrics"]![0]!["value"]!.GetValue<double>())));
    }

    // As the app writes it and the host passes it on: a line of text.
    [Fact]
    public async Task ALineOfTheLog_IsReadByTheAlarmOfItsEvent()
    {
        var written = await WriteAsync(static loggers =>
        {
            var logger = loggers.CreateLogger<Watchdog>();
            var cause = new InvalidOperationException(TwoLines);
            foreach (var number in Alarming)
            {
                var level = Logged.First(message => message.Event == number).Level;
                logger.Log(level, new EventId(number), "What happened", cause, static (text, _) => text);
            }
        });

        Assert.Equal(Alarming.Count, written.Count);
        Assert.All(NumbersOfLines, number => Assert.Equal(Alarming, written.Select(line => Read(number, line)).Order()));
    }

    [Fact]
    public async Task ALineOfTheLog_IsRead_WhicheverTypeWroteIt()
    {
        var types = typeof(Functions.App).Assembly.GetTypes().Where(static type => type.FullName!.StartsWith("Clv.", StringComparison.Ordinal) && !type.FullName.Contains('<', StringComparison.Ordinal)
            && !type.Name.StartsWith("__", StringComparison.Ordinal) && !type.ContainsGenericParameters && !type.IsDefined(typeof(CompilerGeneratedAttribute))).ToList();
        Assert.Contains(typeof(Watchdog), types);

        var written = await WriteAsync(loggers =>
        {
            foreach (var type in types)
            {
                Functions.Log.StorageDown(loggers.CreateLogger(type), "it is away");
            }
        });

        Assert.Equal(types.Count, written.Count);
        Assert.All(NumbersOfLines, number => Assert.All(written, line => Assert.Equal(6, Read(number, line))));
    }

    // What the worker sends itself has no beginning, and the alarms are the same.
    [Fact]
    public void Alarms_OfTheIsolatedWorker_ReadTheNumberBesideTheLine()
    {
        var queries = deployments.WithSignIn.Alerts.Select(static alert => alert.Query).Where(static query => Events(query).Any()).ToList();
        Assert.Equal(deployments.Production.Alerts.Count(static alert => Events(alert.Query).Any()), queries.Count);
        Assert.All(queries, static query => Assert.Contains("union traces, (exceptions | extend message = outerMessage)", query, StringComparison.Ordinal));
        Assert.All(queries, static query => Assert.Contains("tostring(customDimensions.CategoryName) startswith \"Clv.\"", query, StringComparison.Ordinal));
        Assert.All(queries, static query => Assert.Contains("toint(customDimensions.EventId)", query, StringComparison.Ordinal));
        Assert.All(queries, static query => Assert.DoesNotMatch(Expression(), query));
    }

    // By the exporter's own words: what is logged with an exception is no trace, and has the number and the category all the same.
    [Fact]
    public void WhatTheIsolatedWorkerSends_IsATraceOrAnException_WithItsNumber()
    {
        var sent = new SentTelemetry();
        using (var loggers = LoggerFactory.Create(log => log.AddOpenTelemetry(telemetry => telemetry.AddProcessor(new SimpleLogRecordExportProcessor(new AzureMonitorLogExporter(sent.Options))))))
        {
            var logger = loggers.CreateLogger<Watchdog>();
            Functions.Log.FunctionFailed(logger, new InvalidOperationException("The cause"), "RunUnit");
            Functions.Log.StorageDown(logger, "it is away");
        }

        Assert.Equal(
            [("ExceptionData", "5", typeof(Watchdog).FullName!), ("MessageData", "6", typeof(Watchdog).FullName!)],
            sent.Items.Select(static item => item["data"]!).Select(static data =>
                (Deployment.Text(data["baseType"]), Deployment.Text(data["baseData"]!["properties"]!["EventId"]), Deployment.Text(data["baseData"]!["properties"]!["CategoryName"]))).Order());
    }

    [Fact]
    public void EachOfWhatWasAskedFor_IsAnAlarm()
    {
        var names = deployments.Production.Alerts.Select(static alert => alert.Name.Split("-clv-prod-")[0]).ToHashSet();
        Assert.Superset(
            new HashSet<string> { "night-late", "run-held", "run-failed", "poison-messages", "lookup-errors", "lookup-slow", "quarantine-share", "watch-silent", "night-start-failed", "night-not-started" }, names);
        Assert.Single(deployments.Production.Of("Microsoft.Insights/metricAlerts"));
    }

    // As the host says that it has called a function.
    [Theory]
    [InlineData("watch-silent", "Watch", "Succeeded", "LessThan")]
    [InlineData("night-start-failed", "StartNight", "Failed", "GreaterThanOrEqual")]
    [InlineData("night-not-started", "StartNight", "Succeeded", "LessThan")]
    public void CallsOfTimers_AreReadFromTheHostsLines(string alarm, string function, string status, string comparison)
    {
        Assert.Contains(function, FunctionFiles.Functions);
        foreach (var deployment in deployments.All)
        {
            var (_, properties, query) = deployment.Alerts.Single(each => each.Name.StartsWith(alarm, StringComparison.Ordinal));
            var criterion = properties["criteria"]!["allOf"]![0]!;

            Assert.StartsWith(Line().Match(query).Groups["line"].Value, $"Executed 'Functions.{function}' ({status}, Id=8f3c0c37-5b1f-4f0e-9d0f-2f9f7f6f1c55, Duration=12ms)", StringComparison.Ordinal);
            Assert.Contains($"'Functions.{function}' ({status}", query, StringComparison.Ordinal);
            Assert.Equal((comparison, 1, 1), (Deployment.Text(criterion["operator"]), criterion["threshold"]!.GetValue<int>(), properties["severity"]!.GetValue<int>()));
        }
    }

    // A rule looks back for two days at most, so with longer pauses it is turned off, and what is late is told by its age alone.
    [Theory]
    [InlineData("26", true)]
    [InlineData("47.5", true)]
    [InlineData("48", false)]
    [InlineData("171", false)]
    public async Task ANightThatDoesNotStart_IsAnAlarm_WithinTwoDays(string lateHours, bool isOn)
    {
        using var bicep = new Bicep();
        bicep.Write("paused.bicepparam", $"using 'main.bicep'\nparam stage = 'paused'\nparam settings = {{ LateHours: '{lateHours}' }}\n");

        var rules = (await bicep.DeployAsync("paused.bicepparam")).Alerts.ToList();

        var (name, _, query) = rules.Single(static alert => alert.Name.StartsWith("night-not-started", StringComparison.Ordinal));
        Assert.Contains($"timestamp > ago({lateHours}h)", query, StringComparison.Ordinal);
        Assert.All(rules, rule => Assert.Equal(isOn || rule.Name != name, rule.Properties["enabled"]!.GetValue<bool>()));
    }

    // What the service takes; another one is refused when it is deployed.
    [Fact]
    public void Windows_AreThoseThatTheServiceTakes()
    {
        string[] frequencies = ["PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT4H", "PT5H", "PT6H", "P1D"];
        Assert.All(
            deployments.WithEverything.Alerts,
            alert =>
            {
                var (frequency, window) = (Deployment.Text(alert.Properties["evaluationFrequency"]), Deployment.Text(alert.Properties["windowSize"]));
                Assert.Contains(frequency, frequencies);
                Assert.Contains(window, frequencies.Append("P2D"));
                Assert.True(XmlConvert.ToTimeSpan(frequency) <= XmlConvert.ToTimeSpan(window), alert.Name);
            });
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

    // The host answers 200 with a page of its own too.
    [Fact]
    public void Health_IsThePagesOwnText()
    {
        var text = Deployment.Text(deployments.Production.One("Microsoft.Insights/webtests")["properties"]!["ValidationRules"]!["ContentValidation"]!["ContentMatch"]);
        Assert.NotEmpty(text);
        Assert.Contains($">{text}</title>", File.ReadAllText(Path.Combine(Repository.Folder, "src", "Clv.Functions", "wwwroot", "index.html")), StringComparison.Ordinal);
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

    // Kusto's expressions are RE2, of which .NET's are a superset for what stands here.
    private IEnumerable<Regex> NumbersOfLines => deployments.Production.Alerts.Where(static alert => Events(alert.Query).Any())
        .Select(static alert => new Regex(Expression().Match(alert.Query).Groups["expression"].Value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    private static int Read(Regex number, string line) => int.Parse(number.Match(line).Groups[1].Value, CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<string>> WriteAsync(Action<ILoggerFactory> log)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var lines = new StringWriter();
        try
        {
            var synchronised = TextWriter.Synchronized(lines);
            Console.SetOut(synchronised);
            Console.SetError(synchronised);
            await using var app = Functions.App.Build(Settings.ProgramSettings.Minimal);
            log(app.Services.GetRequiredService<ILoggerFactory>());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }

        return lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Books BooksOf(long read, long quarantined) => new(
        [new FileBooks("transactions.csv", read, read - quarantined, 0, quarantined, 0, new Dictionary<string, long>(), [], 0, 0)], 1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0);

    internal static IEnumerable<int> Events(string query) =>
        EventList().Matches(query).SelectMany(static list => list.Groups["events"].Value.Split(", ")).Select(static number => int.Parse(number, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"event in \((?<events>[0-9, ]+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EventList();

    [GeneratedRegex("name == \"(?<name>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Measure();

    // With or without a value to compare it to.
    [GeneratedRegex("tostring\\(customDimensions\\.(?<tag>\\w+)\\)(?: == \"(?<value>[^\"]+)\")?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("message startswith \"(?<line>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();

    [GeneratedRegex("extract\\(@\"(?<expression>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"^\| (?<event>[0-9]+) \| (?<level>warning|error) \|", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Row();
}
