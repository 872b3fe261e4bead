using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace Clv.Tables.Tests;

public sealed class CredentialTests(TableServiceFixture azurite)
{
    private const string OtherKey = "b3RoZXIga2V5";

    [Fact]
    public async Task SharedKey_PointRead_SignsVerbDateAndEncodedPath()
    {
        var service = ScriptedService.Answering(HttpStatusCode.OK, "{}");

        await service.Table().GetEntityAsync<TableEntity>("a b", "ü", ["X"], Cancel);

        var seen = Assert.Single(service.Requests);
        AssertSigned(seen, ScriptedService.Key, "GET", "", "/contoso/scores(PartitionKey='a%20b',RowKey='%C3%BC')");
        var date = DateTimeOffset.ParseExact(seen.Headers["x-ms-date"], "R", CultureInfo.InvariantCulture);
        Assert.InRange(date, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.Equal("2020-12-06", seen.Headers["x-ms-version"]);
    }

    [Fact]
    public async Task SharedKey_Insert_SignsContentType()
    {
        var service = ScriptedService.Answering(HttpStatusCode.NoContent);

        await service.Table().AddEntityAsync(new TableEntity("p", "r"), Cancel);

        AssertSigned(Assert.Single(service.Requests), ScriptedService.Key, "POST", "application/json", "/contoso/scores");
    }

    [Fact]
    public async Task SharedKey_EmulatorAddress_NamesTheAccountTwice()
    {
        var service = ScriptedService.Answering(HttpStatusCode.OK, """{"value":[]}""");
        var client = new TableServiceClient(
            new Uri("http://127.0.0.1:10002/contoso"), new TableSharedKeyCredential(ScriptedService.Account, ScriptedService.Key), service.Options());

        await client.QueryAsync(cancellationToken: Cancel).ToListAsync(Cancel);

        AssertSigned(Assert.Single(service.Requests), ScriptedService.Key, "GET", "", "/contoso/contoso/Tables");
    }

    [Fact]
    public async Task SharedKey_Retry_SendsTheSameBodySignedAgain()
    {
        var credential = new TableSharedKeyCredential(ScriptedService.Account, ScriptedService.Key);
        var tries = 0;
        var service = new ScriptedService(_ =>
        {
            // A signature made before the retry policy could not know the new key.
            credential.SetAccountKey(OtherKey);
            return ScriptedService.Answer(++tries == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NoContent);
        });
        var table = new TableClient(ScriptedService.Endpoint, "scores", credential, service.Options(retries: 2));

        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = "text" }, Cancel);

        Assert.Equal(2, service.Requests.Count);
        AssertSigned(service.Requests[0], ScriptedService.Key, "POST", "application/json", "/contoso/scores");
        AssertSigned(service.Requests[1], OtherKey, "POST", "application/json", "/contoso/scores");
        Assert.Equal("""{"PartitionKey":"p","RowKey":"r","A":"text"}""", service.Requests[0].Body);
        Assert.Equal(service.Requests[0].Body, service.Requests[1].Body);
    }

    [Fact]
    public async Task SharedKey_TransactionRetried_SendsTheSameBody()
    {
        var service = ScriptedService.Answering(HttpStatusCode.ServiceUnavailable);

        await Assert.ThrowsAnyAsync<RequestFailedException>(() => service.Table(retries: 1)
            .SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))], Cancel));

        Assert.Equal(2, service.Requests.Count);
        Assert.NotEmpty(service.Requests[0].Body);
        Assert.Equal(service.Requests[0].Body, service.Requests[1].Body);
    }

    [Fact]
    public async Task SharedKey_WrongKey_IsRefusedByTheService()
    {
        var client = new TableServiceClient(
            new Uri($"http://127.0.0.1:{azurite.TablePort}/devstoreaccount1"), new TableSharedKeyCredential("devstoreaccount1", OtherKey), TableServiceFixture.Impatient());

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => client.CreateTableAsync(TableServiceFixture.NewName(), Cancel));

        Assert.Equal(403, thrown.Status);
        Assert.Equal("AuthorizationFailure", thrown.ErrorCode);
        Assert.DoesNotContain(OtherKey, thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sas_Retry_CarriesTheRenewedSignatureOnce()
    {
        var credential = new AzureSasCredential("?sv=1&sig=first%3D");
        var service = new ScriptedService(_ =>
        {
            credential.Update("sv=1&sig=second%3D");
            return ScriptedService.Answer(HttpStatusCode.ServiceUnavailable);
        });
        var table = new TableServiceClient(ScriptedService.Endpoint, credential, service.Options(retries: 1)).GetTableClient("scores");

        await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r", ["A"], Cancel));
        await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel));

        Assert.Equal(
            ["?$select=A&sv=1&sig=first%3D", "?$select=A&sv=1&sig=second%3D", "?sv=1&sig=second%3D", "?sv=1&sig=second%3D"],
            service.Requests.Select(r => r.Uri.Query));
        Assert.All(service.Requests, r => Assert.False(r.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public void Sas_PlainHttp_IsRefused()
    {
        var credential = new AzureSasCredential("sv=1&sig=s3cret");

        var thrown = Assert.Throws<ArgumentException>(() => new TableServiceClient(new Uri("http://contoso.table.core.windows.net"), credential));
        Assert.Throws<ArgumentException>(() => new TableServiceClient("TableEndpoint=http://contoso.table.core.windows.net;SharedAccessSignature=sig=s3cret"));

        Assert.DoesNotContain("s3cret", thrown.ToString(), StringComparison.Ordinal);
        _ = new TableServiceClient(new Uri("http://127.0.0.1:10002/contoso"), credential);
    }

    [Fact]
    public async Task Sas_AccountSignature_IsAcceptedByTheService()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);
        var signature = AccountSignature();
        var client = new TableClient(
            $"TableEndpoint=http://127.0.0.1:{azurite.TablePort}/devstoreaccount1;SharedAccessSignature={signature}", table.Name, TableServiceFixture.Impatient());

        Assert.Equal(1, (await client.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value.GetInt32("A"));
        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => client.AddEntityAsync(new TableEntity("p", "r2"), Cancel));
        Assert.Equal(403, thrown.Status);
    }

    [Fact]
    public async Task Token_Https_SendsABearerForStorage()
    {
        var service = ScriptedService.Answering(HttpStatusCode.OK, "{}");
        var credential = new FixedToken();
        var table = new TableClient(ScriptedService.Endpoint, "scores", credential, service.Options());

        await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        Assert.Equal("Bearer t0ken", Assert.Single(service.Requests).Headers["Authorization"]);
        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
    }

    [Fact]
    public async Task Token_PlainHttp_IsNeverSent()
    {
        var service = ScriptedService.Answering(HttpStatusCode.OK, "{}");
        var table = new TableClient(new Uri("http://contoso.table.core.windows.net"), "scores", new FixedToken(), service.Options());

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel));

        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Options_OlderVersion_IsSent()
    {
        var service = ScriptedService.Answering(HttpStatusCode.OK, "{}");
        var options = new TableClientOptions(TableClientOptions.ServiceVersion.V2019_02_02) { Transport = service.Options().Transport };

        await new TableClient(ScriptedService.Endpoint, "scores", new TableSharedKeyCredential(ScriptedService.Account, ScriptedService.Key), options)
            .GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        Assert.Equal("2019-02-02", Assert.Single(service.Requests).Headers["x-ms-version"]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Independent of the client: the documented string to sign, written out.</summary>
    private static void AssertSigned(ScriptedService.Seen seen, string key, string verb, string contentType, string resource)
    {
        var text = $"{verb}\n\n{contentType}\n{seen.Headers["x-ms-date"]}\n{resource}";
        using var hmac = new HMACSHA256(Convert.FromBase64String(key));
        Assert.Equal("SharedKey contoso:" + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(text))), seen.Headers["Authorization"]);
    }

    /// <summary>A read-only account signature (https://learn.microsoft.com/rest/api/storageservices/create-account-sas).</summary>
    private string AccountSignature()
    {
        var key = azurite.ConnectionString.Split(';').First(s => s.StartsWith("AccountKey=", StringComparison.Ordinal))["AccountKey=".Length..];
        var end = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var text = $"devstoreaccount1\nr\nt\nsco\n\n{end}\n\nhttps,http\n2019-02-02\n";
        using var hmac = new HMACSHA256(Convert.FromBase64String(key));
        var signature = Uri.EscapeDataString(Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(text))));
        return $"sv=2019-02-02&ss=t&srt=sco&sp=r&spr=https,http&se={Uri.EscapeDataString(end)}&sig={signature}";
    }

    private sealed class FixedToken : TokenCredential
    {
        public string[] Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new("t0ken", TimeProvider.System.GetUtcNow().AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
