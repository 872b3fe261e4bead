namespace Azure.Data.Tables.Access;

/// <summary>
/// A storage connection string, as the portal shows it or as "UseDevelopmentStorage=true". Messages never quote it: it holds the key.
/// </summary>
internal sealed class TableConnectionString
{
    // Azurite's account and key are the same everywhere and public: https://learn.microsoft.com/azure/storage/common/storage-use-azurite
    private const string DevelopmentAccount = "devstoreaccount1";
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int DevelopmentPort = 10002;

    private TableConnectionString(Uri endpoint, string? account, string? key, string? signature)
    {
        Endpoint = endpoint;
        SharedKey = key is null ? null : new TableSharedKeyCredential(account!, key);
        Signature = signature;
        AccountName = account;
    }

    public Uri Endpoint { get; }

    /// <summary>Null if the string does not name the account.</summary>
    public string? AccountName { get; }

    public TableSharedKeyCredential? SharedKey { get; }

    public string? Signature { get; }

    /// <exception cref="ArgumentException">Empty, or no valid combination of settings.</exception>
    /// <exception cref="InvalidOperationException">A segment is not a setting, or a setting occurs twice.</exception>
    /// <exception cref="FormatException">The key is not base64.</exception>
    public static TableConnectionString Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var settings = Split(connectionString);
        if (settings.GetValueOrDefault("UseDevelopmentStorage") == "true")
        {
            return Development(settings.GetValueOrDefault("DevelopmentStorageProxyUri"));
        }

        var account = settings.GetValueOrDefault("AccountName");
        var key = settings.GetValueOrDefault("AccountKey");
        var endpoint = settings.GetValueOrDefault("TableEndpoint");
        var suffix = settings.GetValueOrDefault("EndpointSuffix");
        var signature = settings.GetValueOrDefault("SharedAccessSignature");
        if (account is not null && key is not null && (endpoint ?? suffix) is not null)
        {
            var scheme = settings.GetValueOrDefault("DefaultEndpointsProtocol", "https");
            return new(EndpointOf(endpoint ?? $"{scheme}://{account}.table.{suffix}"), account, key, null);
        }

        if (endpoint is not null && signature is not null)
        {
            return new(EndpointOf(endpoint), account, null, signature);
        }

        throw new ArgumentException(
            "The connection string needs AccountName and AccountKey with TableEndpoint or EndpointSuffix, " +
            "or TableEndpoint with SharedAccessSignature, or UseDevelopmentStorage=true.",
            nameof(connectionString));
    }

    private static TableConnectionString Development(string? proxy)
    {
        var host = proxy is null ? new Uri("http://127.0.0.1") : EndpointOf(proxy);
        var endpoint = new UriBuilder(host.Scheme, host.Host, DevelopmentPort, DevelopmentAccount).Uri;
        return new(endpoint, DevelopmentAccount, DevelopmentKey, null);
    }

    private static Uri EndpointOf(string setting) =>
        Uri.TryCreate(setting, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? uri
            : throw new ArgumentException("The connection string's table endpoint is not an http or https address.", nameof(setting));

    private static Dictionary<string, string> Split(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var position = 0;
        foreach (var segment in text.Split(';'))
        {
            position++;
            if (string.IsNullOrWhiteSpace(segment))
            {
                continue;
            }

            // Only the first '=' separates: keys and signatures contain more of them.
            var equals = segment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == segment.Length - 1)
            {
                throw new InvalidOperationException($"Segment {position} of the connection string is not of the form Setting=value.");
            }

            // The message gives the place, not the name: half a key, cut off by a stray ';', would look like a name.
            var name = segment[..equals].Trim();
            if (!settings.TryAdd(name, segment[(equals + 1)..].Trim()))
            {
                throw new InvalidOperationException($"Segment {position} of the connection string repeats a setting.");
            }
        }

        return settings;
    }
}
