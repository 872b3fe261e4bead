using Clv.Cli.Emulator;

namespace Clv.Cli.Local;

/// <summary>
/// Storage on this machine: the emulator on a data folder, and the hash key that belongs to the data. The folder is all that a later
/// process needs to find the scores again.
/// </summary>
internal sealed class LocalStorage : IAsyncDisposable
{
    private readonly Azurite _azurite;

    private LocalStorage(Azurite azurite, IReadOnlyDictionary<string, string> settings)
    {
        _azurite = azurite;
        Settings = settings;
    }

    /// <summary>The app's settings: the emulator, the key, and what the environment says (Clv__...).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Completes with the emulator's last words when it ends.</summary>
    public Task<string> Ended => _azurite.Exited;

    public static async Task<LocalStorage> StartAsync(DirectoryInfo data, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var azurite = await Azurite.StartAsync(
            new AzuriteOptions { Folder = Path.Combine(data.FullName, "azurite"), Progress = progress }, cancellationToken);
        try
        {
            var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["AzureWebJobsStorage"] = azurite.ConnectionString,
                ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
                ["Clv__Schedule"] = "0 0 2 * * *",
                ["Clv__WatchSchedule"] = "0 */5 * * * *",
                // A local base is small: fewer partitions make fewer files and units.
                ["Clv__Partitions"] = "16",
                // One folder serves a demo now and somebody's own, quite different files next.
                ["Clv__MinimumCustomerShare"] = "0",
                ["Clv__MaximumCustomerShare"] = "1E9",
                ["Clv__MaximumGoneShare"] = "1",
                ["Clv__MaximumValueChange"] = "1E9",
                ["Clv__MaximumQuarantineShare"] = "1",
                ["Clv__MaximumErasedShare"] = "1",
                ["Clv__MaximumModelAgeDays"] = "3650",
                // Made once per data folder: with another key the stored customers could not be found again.
                ["Clv__HashKey"] = KeyFile.ReadOrMake(data, "hash.key"),
                // Whoever is on this machine may ask as often as it can answer.
                ["Clv__RequestsPerMinute"] = "0",
                // Somebody's own files may have numbers without a country; the simulated firm is a German one.
                ["Clv__PhoneRegion"] = "DE",
            };
            foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            {
                if (variable.Key is string name && name.StartsWith("Clv__", StringComparison.OrdinalIgnoreCase))
                {
                    settings[name] = (string?)variable.Value ?? "";
                }
            }

            return new LocalStorage(azurite, settings);
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await _azurite.DisposeAsync();
}
