using Azure.Data.Tables;

namespace Clv.Tables.Tests;

public sealed class ConnectionStringTests
{
    private const string Key = "czNjcmV0==";
    private const string ValidKey = "czNjcmV0";

    [Theory]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=" + ValidKey + ";EndpointSuffix=core.windows.net", "https://contoso.table.core.windows.net/", "contoso")]
    [InlineData("AccountName=contoso;AccountKey=" + ValidKey + ";EndpointSuffix=core.chinacloudapi.cn", "https://contoso.table.core.chinacloudapi.cn/", "contoso")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=contoso;AccountKey=" + ValidKey + ";EndpointSuffix=core.windows.net;", "http://contoso.table.core.windows.net/", "contoso")]
    [InlineData("AccountName=contoso;AccountKey=" + ValidKey + ";TableEndpoint=http://127.0.0.1:4711/contoso;BlobEndpoint=http://127.0.0.1:1/contoso", "http://127.0.0.1:4711/contoso", "contoso")]
    [InlineData("tableendpoint=https://contoso.table.core.windows.net/;sharedaccesssignature=sv=1&sig=a%3D", "https://contoso.table.core.windows.net/", "contoso")]
    [InlineData("TableEndpoint=https://azurite:10002/emulated;SharedAccessSignature=sv=1&sig=a%3D", "https://azurite:10002/emulated", "emulated")]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData(" UseDevelopmentStorage = true ; DevelopmentStorageProxyUri = http://azurite ;", "http://azurite:10002/devstoreaccount1", "devstoreaccount1")]
    public void Constructor_ValidString_TakesEndpointAndAccount(string text, string endpoint, string account)
    {
        var service = new TableServiceClient(text);
        var table = new TableClient(text, "scores");

        Assert.Equal(new Uri(endpoint), service.Uri);
        Assert.Equal(account, service.AccountName);
        Assert.Equal(account, table.AccountName);
        Assert.Equal("scores", table.Name);
        Assert.Equal(new Uri(endpoint.TrimEnd('/') + "/scores"), table.Uri);
        Assert.Equal(table.Uri, service.GetTableClient("scores").Uri);
    }

    [Theory]
    [InlineData("", typeof(ArgumentException))]
    [InlineData(";;", typeof(ArgumentException))]
    [InlineData("AccountName=contoso;AccountKey=" + ValidKey, typeof(ArgumentException))]
    [InlineData("AccountKey=" + ValidKey + ";EndpointSuffix=core.windows.net", typeof(ArgumentException))]
    [InlineData("AccountName=contoso;EndpointSuffix=core.windows.net", typeof(ArgumentException))]
    [InlineData("SharedAccessSignature=sig=czNjcmV0", typeof(ArgumentException))]
    [InlineData("UseDevelopmentStorage=false", typeof(ArgumentException))]
    [InlineData("AccountName=contoso;AccountKey=" + ValidKey + ";TableEndpoint=czNjcmV0", typeof(ArgumentException))]
    [InlineData("AccountName=contoso;AccountKey=" + ValidKey + ";TableEndpoint=file:///czNjcmV0", typeof(ArgumentException))]
    [InlineData("czNjcmV0", typeof(InvalidOperationException))]
    [InlineData("=czNjcmV0", typeof(InvalidOperationException))]
    [InlineData("AccountName=contoso;AccountKey=;EndpointSuffix=core.windows.net", typeof(InvalidOperationException))]
    [InlineData("AccountName=contoso;AccountKey=czNj;cmV0;EndpointSuffix=core.windows.net", typeof(InvalidOperationException))]
    [InlineData("AccountKey=" + ValidKey + ";AccountKey=" + ValidKey, typeof(InvalidOperationException))]
    [InlineData("AccountName=contoso;AccountKey=" + Key + ";EndpointSuffix=core.windows.net", typeof(FormatException))]
    public void Constructor_BrokenString_ThrowsWithoutTheKey(string text, Type expected)
    {
        var thrown = Record.Exception(() => new TableServiceClient(text));

        Assert.IsType(expected, thrown, exactMatch: false);
        Assert.DoesNotContain("czNj", thrown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cmV0", thrown.ToString(), StringComparison.Ordinal);
        Assert.IsType(expected, Record.Exception(() => new TableClient(text, "scores")), exactMatch: false);
    }

    [Fact]
    public void Constructor_Null_Throws()
    {
        var credential = new TableSharedKeyCredential(ScriptedService.Account, ScriptedService.Key);

        Assert.Throws<ArgumentNullException>(() => new TableServiceClient((string)null!));
        Assert.Throws<ArgumentNullException>(() => new TableServiceClient(null!, credential));
        Assert.Throws<ArgumentNullException>(() => new TableServiceClient(ScriptedService.Endpoint, (TableSharedKeyCredential)null!));
        Assert.Throws<ArgumentNullException>(() => new TableClient(ScriptedService.Endpoint, null!, credential));
        Assert.Throws<ArgumentException>(() => new TableServiceClient("UseDevelopmentStorage=true").GetTableClient(""));
    }
}
