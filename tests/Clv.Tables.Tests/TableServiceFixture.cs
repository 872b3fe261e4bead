using Azure.Data.Tables;
using Clv.Cli.Emulator;

[assembly: AssemblyFixture(typeof(Clv.Tables.Tests.TableServiceFixture))]

namespace Clv.Tables.Tests;

/// <summary>One Azurite for all tests; each test makes its own table.</summary>
public sealed class TableServiceFixture : IAsyncLifetime
{
    private static int _tables;

    private Azurite? _azurite;

    public string ConnectionString => _azurite!.ConnectionString;

    public int TablePort => _azurite!.TablePort;

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartAsync(new AzuriteOptions { InMemory = true });

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    public TableServiceClient Service(TableClientOptions? options = null) => new(ConnectionString, options ?? Impatient());

    public static string NewName() => $"t{Environment.ProcessId}n{Interlocked.Increment(ref _tables)}";

    public async Task<TableClient> NewTableAsync(TableClientOptions? options = null)
    {
        var table = Service(options).GetTableClient(NewName());
        await table.CreateAsync(TestContext.Current.CancellationToken);
        return table;
    }

    /// <summary>A test that expects a failure should not wait for retries.</summary>
    public static TableClientOptions Impatient() => new() { Retry = { MaxRetries = 0 } };
}
