using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clv.Infra.Tests.Settings;

/// <summary>The settings that the program and its triggers read, as observed: the app is built in each mode and every service of it made.</summary>
internal sealed partial record ProgramSettings(IReadOnlySet<string> Names, IReadOnlySet<string> Connections)
{
    private const string Key = "a key of these tests alone, long enough to be one";

    /// <summary>What the app needs to start.</summary>
    public static string[] Minimal { get; } = ["FUNCTIONS_CUSTOMHANDLER_PORT=1", "AzureWebJobsStorage=UseDevelopmentStorage=true", $"Clv:HashKey={Key}"];

    private static readonly string[][] Modes =
    [
        Minimal,
        [.. Minimal, "Clv:Access=ApiKeys", .. RoleNames.Select(static role => $"Clv:ApiKeys:{role}={role}-key-of-these-tests-0123456789")],
        [.. Minimal, "Clv:Access=AppService", "WEBSITE_AUTH_ENABLED=True"],
        ["FUNCTIONS_CUSTOMHANDLER_PORT=1", $"Clv:HashKey={Key}", "AzureWebJobsStorage:accountName=clv", "AzureWebJobsStorage:credential=managedidentity"],
    ];

    private static IEnumerable<string> RoleNames => Enum.GetValues<Functions.Access.Roles>().Where(static role => int.IsPow2((int)role)).Select(static role => role.ToString());

    /// <summary>Observes them.</summary>
    public static async Task<ProgramSettings> ObserveAsync()
    {
        // A connection is one setting, whether it stands in one (a connection string) or, by parts, in several (an identity): so the host reads it.
        var connections = FunctionFiles.Bindings.Select(static binding => binding["connection"]).Where(static name => name is not null).Select(Deployment.Text).ToHashSet(StringComparer.Ordinal);
        var names = connections.ToHashSet(StringComparer.Ordinal);
        names.UnionWith(FunctionFiles.Bindings.SelectMany(static binding => Reference().Matches(binding.ToJsonString())).Select(static match => match.Groups["name"].Value));
        foreach (var mode in Modes)
        {
            var recorder = new SettingsRecorder();
            IReadOnlyList<ServiceDescriptor> services = [];
            await using var app = Functions.App.Build(
                mode,
                registered =>
                {
                    registered.AddLogging(static log => log.ClearProviders());
                    services = [.. registered];
                },
                settings => settings.Add(recorder));
            foreach (var service in services.Where(static service =>
                service is { Lifetime: ServiceLifetime.Singleton, ServiceType.IsGenericTypeDefinition: false } && service.ServiceType.Assembly == typeof(Functions.App).Assembly))
            {
                Assert.All(app.Services.GetServices(service.ServiceType), Assert.NotNull);
            }

            names.UnionWith(recorder.Read);
            // Of these the names are parts of the name: the roles. Nothing else may be listed, or nobody could tell what it is.
            foreach (var section in recorder.Listed.Where(section => !connections.Contains(section)))
            {
                Assert.Equal("Clv:ApiKeys", section);
                names.UnionWith(RoleNames.Select(role => $"{section}:{role}"));
            }
        }

        return new ProgramSettings(names.Select(name => Canonical(name, connections)).ToHashSet(StringComparer.Ordinal), connections);
    }

    /// <summary>The name by which a setting is known, whichever way it is written.</summary>
    public string Canonical(string name) => Canonical(name, Connections);

    private static string Canonical(string name, IReadOnlySet<string> connections)
    {
        var canonical = name.Replace("__", ":", StringComparison.Ordinal);
        return canonical.Split(':')[0] is var first && connections.Contains(first) ? first : canonical;
    }

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
