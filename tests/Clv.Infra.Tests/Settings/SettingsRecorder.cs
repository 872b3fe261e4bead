using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Clv.Infra.Tests.Settings;

/// <summary>A source of settings that has none, and notes which the product's own code asks for: the caller of the configuration is on the stack.</summary>
internal sealed class SettingsRecorder : IConfigurationSource, IConfigurationProvider
{
    private readonly ConcurrentDictionary<string, byte> _read = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _listed = new(StringComparer.Ordinal);

    /// <summary>Settings that were asked for by name.</summary>
    public ICollection<string> Read => _read.Keys;

    /// <summary>Sections whose settings were asked for, whatever their names.</summary>
    public ICollection<string> Listed => _listed.Keys;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public bool TryGet(string key, out string? value)
    {
        value = null;
        if (IsAskedByTheProduct())
        {
            _read[key] = 0;
        }

        return false;
    }

    public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        if (parentPath is not null && IsAskedByTheProduct())
        {
            _listed[parentPath] = 0;
        }

        return earlierKeys;
    }

    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

    public void Load()
    {
        // There is nothing to load.
    }

    public void Set(string key, string? value)
    {
        // What somebody sets is kept by the other sources.
    }

    // Whoever asked: the first on the way up that is neither the configuration's own code nor the runtime's (a lazy query, say).
    private static bool IsAskedByTheProduct()
    {
        foreach (var frame in new StackTrace(1, fNeedFileInfo: false).GetFrames())
        {
            var name = frame.GetMethod()?.DeclaringType?.Assembly.GetName().Name;
            if (name is null || name == typeof(SettingsRecorder).Assembly.GetName().Name
                || name.StartsWith("Microsoft.Extensions.Configuration", StringComparison.Ordinal) || name.StartsWith("System.", StringComparison.Ordinal))
            {
                continue;
            }

            return name.StartsWith("Clv.", StringComparison.Ordinal);
        }

        return false;
    }
}
