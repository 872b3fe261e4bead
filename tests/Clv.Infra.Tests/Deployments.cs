[assembly: AssemblyFixture(typeof(Clv.Infra.Tests.Deployments))]

namespace Clv.Infra.Tests;

/// <summary>What is deployed with each file of parameters, and with every option on; compiled once.</summary>
public sealed class Deployments : IAsyncLifetime
{
    // Where the options exclude each other there are two.
    private const string Walled = """
        using 'main.bicep'
        param stage = 'walled'
        param access = 'ApiKeys'
        param network = 'Private'
        param privateApp = true
        param alwaysReadyInstances = 2
        param zoneRedundant = 'All'
        param auditBlobs = true
        param lock = true
        param alarmEmails = ['operations@example.com']
        param alarmActionGroupIds = ['/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/ops/providers/Microsoft.Insights/actionGroups/ops']
        param uploaderPrincipalId = '11111111-1111-1111-1111-111111111111'
        param eventsPrincipalId = '22222222-2222-2222-2222-222222222222'
        param exportsPrincipalId = '33333333-3333-3333-3333-333333333333'
        param vaultOfficerPrincipalId = '44444444-4444-4444-4444-444444444444'
        param openTelemetry = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com:4318' }
        param settings = { LateHours: '30.5' }
        """;

    private const string SignedIn = """
        using 'main.bicep'
        param stage = 'signedin'
        param head = 'isolatedWorker'
        param access = 'AppService'
        param signInClientId = '55555555-5555-5555-5555-555555555555'
        param network = 'Firewall'
        param callerIpRanges = ['203.0.113.0/24']
        param dataIpRanges = ['198.51.100.0/24']
        param blobRestoreDays = 3
        param extractDays = 0
        """;

    private readonly Dictionary<string, Deployment> _deployments = new(StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public static TheoryData<string> Names => new("dev", "production", "walled", "signedin");

    internal Deployment Dev => this["dev"];

    internal Deployment Production => this["production"];

    /// <summary>Private network, API keys, everybody's roles.</summary>
    internal Deployment WithEverything => this["walled"];

    /// <summary>App Service authentication, firewalls, the isolated worker.</summary>
    internal Deployment WithSignIn => this["signedin"];

    internal IEnumerable<Deployment> All => Names.Select(name => this[name.Data]);

    internal Deployment this[string name]
    {
        get
        {
            Bicep.SkipUnlessThere();
            return _deployments[name];
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!Bicep.IsThere)
        {
            return;
        }

        using var bicep = new Bicep();
        bicep.Write("walled.bicepparam", Walled);
        bicep.Write("signedin.bicepparam", SignedIn);
        foreach (var name in Names)
        {
            _deployments[name.Data] = await bicep.DeployAsync($"{name.Data}.bicepparam");
        }
    }

    public ValueTask DisposeAsync() => default;
}
