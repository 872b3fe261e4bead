using Clv.Functions;
using Clv.Functions.Access;
using Clv.Functions.Storage;
using Clv.Functions.Telemetry;
using Microsoft.Extensions.Configuration;

namespace Clv.Cli.SelfHost;

/// <summary>The app's settings as a service has them: from the environment, and from a folder with a file for each secret.</summary>
internal static class ServiceSettings
{
    private const string Access = "Clv:Access";

    // What the app cannot do without and what everybody sets alike. All else has the app's own defaults.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
        ["Clv:Schedule"] = "0 0 2 * * *",
        ["Clv:WatchSchedule"] = "0 */5 * * * *",
    };

    /// <summary>Reads and checks the settings, so that a wrong one ends the start with its name instead of the app's processes one after the other.</summary>
    /// <param name="secrets">A folder in which a file is a setting: <c>Clv__HashKey</c> holds the hash key. A file goes before the environment. Null for none.</param>
    /// <param name="open">Whether nobody is asked for a key.</param>
    /// <exception cref="CliException">The folder is missing, or a setting is missing, unusable or contradicts another; the message names it and quotes nothing.</exception>
    public static IReadOnlyDictionary<string, string> Read(DirectoryInfo? secrets, bool open)
    {
        var builder = new ConfigurationBuilder()
            .AddInMemoryCollection(Defaults)
            .AddInMemoryCollection([KeyValuePair.Create(Access, (string?)(open ? nameof(AccessMode.FunctionKeys) : nameof(AccessMode.ApiKeys)))])
            .AddEnvironmentVariables();
        if (secrets is not null)
        {
            if (!secrets.Exists)
            {
                throw new CliException($"There is no folder {secrets.FullName}: give --secrets the folder that has a file for each secret, such as Clv__HashKey.");
            }

            builder.AddKeyPerFile(secrets.FullName);
        }

        IConfigurationRoot configuration;
        try
        {
            configuration = builder.Build();
            Check(configuration, open);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CliException($"The secrets in {secrets?.FullName} cannot be read: let the service's user read the folder and the files in it.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new CliException(e.Message, e);
        }

        return configuration.AsEnumerable()
            .Where(static setting => setting.Value is not null && IsOurs(setting.Key))
            .ToDictionary(static setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), static setting => setting.Value!, StringComparer.OrdinalIgnoreCase);
    }

    private static void Check(IConfiguration configuration, bool open)
    {
        ClvOptions.From(configuration);
        var storage = new StorageConnection(configuration);
        if (storage.Text is not null)
        {
            // Made and thrown away: it says whether the text is a connection string.
            _ = new StorageAccount(configuration, TimeProvider.System);
        }

        TelemetryOptions.From(configuration);
        var mode = AccessOptions.From(configuration).Mode;
        if (open && mode != AccessMode.FunctionKeys)
        {
            throw new CliException($"--open asks nobody for a key, and setting {Access} is {mode}: leave one of the two out.");
        }

        if (!open && mode != AccessMode.ApiKeys)
        {
            throw new CliException(
                $"Setting {Access} is {mode}, but neither a Functions host nor App Service stands in front of `clv serve`: set it to ApiKeys, or leave it out.");
        }
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("Clv:", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("AzureWebJobs", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("APPLICATIONINSIGHTS_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase)
        || name.Equals("FUNCTIONS_WORKER_RUNTIME", StringComparison.OrdinalIgnoreCase);
}
