using Azure.Identity;
using Clv.Functions.Access;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;
using Microsoft.Extensions.Configuration;

namespace Clv.Functions.Tests.Access;

public sealed class SettingsTests
{
    private const string Secret = "S3cretS3cretS3cretS3cretS3cretS3cret";

    // What is broken, the setting that the message names, and the value that no output may have.
    public static TheoryData<string, string, string> Broken => new()
    {
        { $"AzureWebJobsStorage=AccountName=clv;AccountKey={Secret}!;EndpointSuffix=core.windows.net", "AzureWebJobsStorage", Secret },
        { $"AzureWebJobsStorage=AccountKey={Secret};AccountKey={Secret}", "AzureWebJobsStorage", Secret },
        { $"AzureWebJobsStorage=BlobEndpoint=nowhere;AccountName=clv;AccountKey={Secret}", "AzureWebJobsStorage", Secret },
        { $"AzureWebJobsStorage={Secret}", "AzureWebJobsStorage", Secret },
        { $"AzureWebJobsStorage=@Microsoft.KeyVault(SecretUri=https://{Secret}.vault.azure.net/)", "AzureWebJobsStorage", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__blobServiceUri=https://{Secret}:x", "AzureWebJobsStorage__blobServiceUri", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__accountName=clv;AzureWebJobsStorage__queueServiceUri={Secret}", "AzureWebJobsStorage__queueServiceUri", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__accountName=clv;AzureWebJobsStorage__tableServiceUri=http://{Secret}.example.com", "AzureWebJobsStorage__tableServiceUri", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__accountName=clv;AzureWebJobsStorage__tableServiceUri=https://clv.example.com/?sig={Secret}", "AzureWebJobsStorage__tableServiceUri", Secret },
        { "AzureWebJobsStorage=", "AzureWebJobsStorage", "core.windows.net" },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__credential=managedidentity;AzureWebJobsStorage__clientId={Secret}", "AzureWebJobsStorage__accountName", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__blobServiceUri=https://clv.blob.core.windows.net;AzureWebJobsStorage__clientId={Secret}", "AzureWebJobsStorage__accountName", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__accountName={Secret}.evil.example/", "AzureWebJobsStorage__accountName", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__accountName=clv;AzureWebJobsStorage__clientSecret={Secret}", "AzureWebJobsStorage__clientSecret", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__accountName=clv;AzureWebJobsStorage__credential={Secret}", "AzureWebJobsStorage__credential", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__accountName=clv;AzureWebJobsStorage__credential=managedidentity;AzureWebJobsStorage__managedIdentityResourceId={Secret}", "AzureWebJobsStorage__managedIdentityResourceId", Secret },
        { $"AzureWebJobsStorage=;AzureWebJobsStorage__accountName=clv;AzureWebJobsStorage__clientId={Secret};AzureWebJobsStorage__managedIdentityResourceId=/x", "AzureWebJobsStorage__clientId", Secret },
        { $"AzureWebJobsStorage__accountName={Secret}", "AzureWebJobsStorage__accountName", Secret },
        { "Clv__HashKey=", "Clv:HashKey", Secret },
        { $"Clv__HashKey={Secret[..31]}", "Clv:HashKey", Secret[..31] },
        { $"Clv__HashKey=@Microsoft.KeyVault(VaultName=clv;SecretName={Secret})", "Clv:HashKey", Secret },
        { $"Clv__Access={Secret}", "Clv:Access", Secret },
        { "Clv__Access=2", "Clv:Access", Secret },
        { "Clv__Access=ApiKeys", "Clv:ApiKeys", Secret },
        { $"Clv__Access=ApiKeys;Clv__ApiKeys__Operator={Secret[..31]}", "Clv:ApiKeys:Operator", Secret[..31] },
        { $"Clv__Access=ApiKeys;Clv__ApiKeys__Operator=@Microsoft.KeyVault(VaultName=clv;SecretName={Secret})", "Clv:ApiKeys:Operator", Secret },
        { $"Clv__Access=ApiKeys;Clv__ApiKeys__Operator={Secret},{Secret[..20]}", "Clv:ApiKeys:Operator", Secret[..20] },
        { $"Clv__Access=ApiKeys;Clv__ApiKeys__Agent={Secret} {Secret}", "Clv:ApiKeys:Agent", Secret },
        { $"Clv__Access=ApiKeys;Clv__ApiKeys__Admin={Secret}", "Clv:ApiKeys:Admin", Secret },
        { $"Clv__ApiKeys__Operator={Secret}", "Clv:Access", Secret },
        { $"Clv__Access=AppService;WEBSITE_AUTH_ENABLED=True;Clv__ApiKeys__Operator={Secret}", "Clv:ApiKeys", Secret },
        { "Clv__Access=AppService", "WEBSITE_AUTH_ENABLED", Secret },
        { $"Clv__RequestsPerMinute={Secret}", "Clv:RequestsPerMinute", Secret },
        { "Clv__RequestsPerMinute=-1", "Clv:RequestsPerMinute", Secret },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Program_WithABrokenSetting_EndsNamingItWithoutQuotingIt(string settings, string named, string secret)
    {
        // A connection string has semicolons of its own: only those before one of our names part settings.
        var program = await AppProgram.RunAsync(
            System.Text.RegularExpressions.Regex.Split(settings, ";(?=AzureWebJobsStorage__|Clv__|WEBSITE_)", default, TimeSpan.FromSeconds(1))
                .Select(static setting => setting.Split('=', 2)).Select(static setting => (setting[0], setting[1])));

        Assert.True(program.ExitCode == 1, $"{program.ExitCode}: {program.Error}");
        Assert.Contains(named, program.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', program.Error);
        Assert.DoesNotContain(secret, program.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", program.Output);
    }

    [Fact]
    public void Storage_OfAnIdentity_IsReachedWhereAndAsWhomTheSettingsSay()
    {
        var account = Connection(("accountName", "clv"));
        Assert.Equal("https://clv.blob.core.windows.net/", account.Blobs!.AbsoluteUri);
        Assert.Equal("https://clv.queue.core.windows.net/", account.Queues!.AbsoluteUri);
        Assert.Equal("https://clv.table.core.windows.net/", account.Tables!.AbsoluteUri);
        Assert.IsType<DefaultAzureCredential>(account.Identity);

        var uris = Connection(
            ("blobServiceUri", "https://clv.blob.core.usgovcloudapi.net"), ("queueServiceUri", "https://clv.queue.core.usgovcloudapi.net"), ("tableServiceUri", "https://tables.example.com:8443/"),
            ("credential", "managedidentity"), ("clientId", "5b5450db-eb26-4c1a-981c-ba1d25f0483d"));
        Assert.Equal("clv.blob.core.usgovcloudapi.net", uris.Blobs!.Host);
        Assert.Equal("clv.queue.core.usgovcloudapi.net", uris.Queues!.Host);
        Assert.Equal(("tables.example.com", 8443), (uris.Tables!.Host, uris.Tables.Port));
        Assert.IsType<ManagedIdentityCredential>(uris.Identity);

        // An address of one service goes before the account's name, as with the host.
        Assert.Equal("vault.example.com", Connection(("accountName", "clv"), ("blobServiceUri", "https://vault.example.com")).Blobs!.Host);
        Assert.IsType<ManagedIdentityCredential>(Connection(("accountName", "clv"), ("credential", "ManagedIdentity")).Identity);
        Assert.IsType<ManagedIdentityCredential>(Connection(
            ("accountName", "clv"), ("credential", "managedidentity"),
            ("managedIdentityResourceId", "/subscriptions/5b5450db-eb26-4c1a-981c-ba1d25f0483d/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i")).Identity);
        Assert.Equal("https://clv.table.core.windows.net/", new StorageAccount(Configuration(("accountName", "clv")), TimeProvider.System).LookupTables.Uri.AbsoluteUri);

        static StorageConnection Connection(params (string, string)[] settings) => new(Configuration(settings));
    }

    [Fact]
    public void Access_ByDefault_IsTheHostsKeys()
    {
        var options = AccessOptions.From(new ConfigurationBuilder().Build());

        Assert.Equal((AccessMode.FunctionKeys, 600, 0), (options.Mode, options.RequestsPerMinute, options.Keys.Count));
    }

    [Fact]
    public void Access_ByTheHostsKeysWhereItAsksForNone_IsRefused()
    {
        var settings = new Dictionary<string, string?> { ["Clv:Access"] = "FunctionKeys" };
        var refused = Assert.Throws<InvalidOperationException>(() => AccessOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isHostKeyAskedFor: false));
        Assert.StartsWith("Setting Clv:Access is FunctionKeys, ", refused.Message, StringComparison.Ordinal);

        (settings["Clv:Access"], settings["Clv:ApiKeys:Agent"]) = ("ApiKeys", Secret);
        Assert.Equal(AccessMode.ApiKeys, AccessOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isHostKeyAskedFor: false).Mode);
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create($"AzureWebJobsStorage:{s.Name}", (string?)s.Value)))
        .Build();
}
