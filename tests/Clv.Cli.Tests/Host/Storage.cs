using Clv.Cli.Emulator;
using Clv.Cli.Tests.Host;

[assembly: AssemblyFixture(typeof(Storage))]

namespace Clv.Cli.Tests.Host;

/// <summary>One emulator for all tests of the host; each test has queues of its own.</summary>
public sealed class Storage : IAsyncLifetime
{
    private Azurite? _azurite;

    public string ConnectionString => _azurite!.ConnectionString;

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartAsync(new AzuriteOptions { InMemory = true });

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }
}
