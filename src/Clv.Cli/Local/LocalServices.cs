using Clv.Functions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Clv.Cli.Local;

/// <summary>The app's services on the local storage of an earlier night, without the host: for commands that need no night.</summary>
internal sealed class LocalServices : IAsyncDisposable
{
    private readonly LocalStorage _storage;
    private readonly ServiceProvider _services;

    private LocalServices(LocalStorage storage, ServiceProvider services)
    {
        _storage = storage;
        _services = services;
    }

    /// <summary>Starts the emulator on a data folder.</summary>
    /// <exception cref="CliException">There is no such folder.</exception>
    public static async Task<LocalServices> StartAsync(DirectoryInfo data, CancellationToken cancellationToken)
    {
        if (!data.Exists)
        {
            throw new CliException($"There is no local storage in {data.FullName}: run `clv` or `clv night` first, or give its folder with --data.");
        }

        var storage = await LocalStorage.StartAsync(data, new Progress<string>(), cancellationToken);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(storage.Settings.Select(static s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value)))
            .Build();
        return new LocalServices(storage, new ServiceCollection().AddLogging().AddClv(configuration).BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _storage.DisposeAsync();
    }
}
