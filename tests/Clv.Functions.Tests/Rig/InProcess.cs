using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clv.Functions.Tests.Rig;

/// <summary>The app's own parts within the test's process, on a rig's storage, with settings and a clock that no operator can set.</summary>
public sealed class InProcess : IDisposable
{
    private readonly ServiceProvider _services;

    public InProcess(NightRig rig, Func<ClvOptions, ClvOptions>? options = null, TimeProvider? clock = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = rig.Proxy.ConnectionString,
                ["Clv:HashKey"] = NightRig.HashKey,
                ["Clv:Partitions"] = NightRig.Partitions.ToString(CultureInfo.InvariantCulture),
            })
            .Build();
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(Log));
        services.AddClv(configuration);
        if (options is not null)
        {
            services.AddSingleton(options(ClvOptions.From(configuration)));
        }

        if (clock is not null)
        {
            services.AddSingleton(clock);
        }

        _services = services.BuildServiceProvider();
    }

    /// <summary>What it logs.</summary>
    public LogBook Log { get; } = new();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void Dispose() => _services.Dispose();
}

/// <summary>A clock that is off by some time.</summary>
public sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
