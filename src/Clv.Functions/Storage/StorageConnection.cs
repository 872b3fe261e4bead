using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Identity;

namespace Clv.Functions.Storage;

/// <summary>
/// Where the storage account is and how to get in, by the settings that the Functions host itself reads: a connection string, or an account name or
/// service URIs with an identity. What the host understands and this does not stops the app instead of being read differently.
/// </summary>
internal sealed partial class StorageConnection
{
    /// <summary>The setting of the app's own account, and the beginning of those that name it.</summary>
    public const string Default = "AzureWebJobsStorage";

    private static readonly string[] Secrets = ["clientSecret", "certificate", "tenantId", "tokenFilePath"];

    private readonly string _setting;
    private readonly IConfigurationSection _section;

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="setting">The setting that names the account.</param>
    /// <exception cref="InvalidOperationException">A setting is missing, unusable or contradicts another; the message names it and quotes nothing.</exception>
    public StorageConnection(IConfiguration configuration, string setting = Default)
    {
        _setting = setting;
        _section = configuration.GetSection(setting);
        Text = _section.Value is { Length: > 0 } text ? text : null;
        var named = _section.GetChildren().Where(static child => !string.IsNullOrEmpty(child.Value)).Select(static child => child.Key).ToList();
        if (Text is not null)
        {
            if (named.Count > 0)
            {
                throw new InvalidOperationException(
                    $"Setting {_setting} is a connection string, and {_setting}__{named[0]} is set as well: keep one of the two.");
            }

            return;
        }

        if (named.Find(name => Secrets.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } secret)
        {
            throw new InvalidOperationException($"Setting {_setting}__{secret} is not supported: use a managed identity, or a connection string.");
        }

        Blobs = Service("blob");
        Queues = Service("queue");
        Tables = Service("table");
        Identity = IdentityOf();
    }

    /// <summary>The connection string; null where an identity is used.</summary>
    public string? Text { get; }

    /// <summary>Address of the blob service; null with a connection string, as are the others.</summary>
    public Uri? Blobs { get; }

    /// <summary>Address of the queue service.</summary>
    public Uri? Queues { get; }

    /// <summary>Address of the table service.</summary>
    public Uri? Tables { get; }

    /// <summary>Who the app is to storage.</summary>
    public TokenCredential? Identity { get; }

    /// <summary>Says that the connection string is none.</summary>
    public static InvalidOperationException NoConnectionString(string setting = Default) => new(
        $"Setting {setting} is not a storage connection string; a Key Vault reference that the platform could not resolve looks like that too.");

    private Uri Service(string name)
    {
        if (_section[$"{name}ServiceUri"] is { Length: > 0 } text)
        {
            // A token goes over an encrypted connection only, whatever the host.
            return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 && uri.Query.Length == 0
                ? uri
                : throw new InvalidOperationException(
                    $"Setting {_setting}__{name}ServiceUri must be the service's address, https://{{account}}.{name}.core.windows.net, without a query.");
        }

        return _section["accountName"] switch
        {
            { Length: > 0 } account when AccountName().IsMatch(account) => new Uri($"https://{account}.{name}.core.windows.net"),
            { Length: > 0 } => throw new InvalidOperationException($"Setting {_setting}__accountName must be 3 to 24 small letters and digits."),
            _ => throw new InvalidOperationException(
                $"Storage is not configured: set {_setting} to a connection string, or {_setting}__accountName for a managed identity "
                + $"(or all of {_setting}__blobServiceUri, {_setting}__queueServiceUri and {_setting}__tableServiceUri)."),
        };
    }

    private TokenCredential IdentityOf()
    {
        var (client, resource) = (NotEmpty("clientId"), NotEmpty("managedIdentityResourceId"));
        if (client is not null && resource is not null)
        {
            throw new InvalidOperationException($"Settings {_setting}__clientId and {_setting}__managedIdentityResourceId name one identity each: keep one of the two.");
        }

        if (NotEmpty("credential") is { } kind && !kind.Equals("managedidentity", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"Setting {_setting}__credential must be managedidentity, or empty for whatever identity there is.");
        }

        // Without saying so, the host takes whatever identity there is: a developer's own, on their machine.
        if (NotEmpty("credential") is null)
        {
            var options = new DefaultAzureCredentialOptions { ManagedIdentityClientId = client };
            if (resource is not null)
            {
                options.ManagedIdentityResourceId = ResourceOf(resource);
            }

            return new DefaultAzureCredential(options);
        }

        return new ManagedIdentityCredential(
            client is not null ? ManagedIdentityId.FromUserAssignedClientId(client)
            : resource is not null ? ManagedIdentityId.FromUserAssignedResourceId(ResourceOf(resource))
            : ManagedIdentityId.SystemAssigned);
    }

    private ResourceIdentifier ResourceOf(string text) => ResourceIdentifier.TryParse(text, out var id) && id is not null
        ? id
        : throw new InvalidOperationException($"Setting {_setting}__managedIdentityResourceId must be a resource id: /subscriptions/....");

    private string? NotEmpty(string name) => _section[name] is { Length: > 0 } text ? text : null;

    [GeneratedRegex("^[a-z0-9]{3,24}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AccountName();
}
