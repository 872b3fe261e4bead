using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Clv.Tables.Tests;

public sealed class TableLifeTests(TableServiceFixture azurite)
{
    [Fact]
    public async Task Create_Twice_Throws409TableAlreadyExists()
    {
        var table = await azurite.NewTableAsync();

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.CreateAsync(Cancel));

        Assert.Equal(409, thrown.Status);
        Assert.True(thrown.ErrorCode == TableErrorCode.TableAlreadyExists, thrown.ErrorCode);
    }

    [Fact]
    public async Task CreateIfNotExists_Twice_ReturnsTheTableBothTimes()
    {
        var service = azurite.Service();
        var name = TableServiceFixture.NewName();

        var first = await service.CreateTableIfNotExistsAsync(name, Cancel);
        var second = await service.CreateTableIfNotExistsAsync(name, Cancel);

        Assert.Equal((name, name), (first.Value.Name, second.Value.Name));
        Assert.Equal((204, 409), (first.GetRawResponse().Status, second.GetRawResponse().Status));
    }

    [Fact]
    public async Task CreateIfNotExists_TableBeingDeleted_Throws()
    {
        var service = ScriptedService.Answering(HttpStatusCode.Conflict, """{"odata.error":{"code":"TableBeingDeleted","message":{"value":"x"}}}""");

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => service.Table().CreateIfNotExistsAsync(Cancel));

        Assert.True(thrown.ErrorCode == TableErrorCode.TableBeingDeleted, thrown.ErrorCode);
    }

    [Fact]
    public async Task DeleteTable_Twice_SwallowsThe404()
    {
        var table = await azurite.NewTableAsync();

        Assert.Equal(204, (await table.DeleteAsync(Cancel)).Status);
        Assert.Equal(404, (await azurite.Service().DeleteTableAsync(table.Name, Cancel)).Status);
    }

    [Fact]
    public async Task Query_Tables_ListsThoseThatMatch()
    {
        var service = azurite.Service();
        var prefix = TableServiceFixture.NewName() + "x";
        foreach (var number in Enumerable.Range(0, 5))
        {
            await service.CreateTableAsync($"{prefix}{number}", Cancel);
        }

        var filter = TableServiceClient.CreateQueryFilter($"TableName ge {prefix} and TableName lt {prefix + "~"}");
        var all = await service.QueryAsync(filter, cancellationToken: Cancel).ToListAsync(Cancel);
        var paged = await service.QueryAsync(filter, maxPerPage: 2, cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(Enumerable.Range(0, 5).Select(n => $"{prefix}{n}"), all.Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.Equal(all.Select(t => t.Name), paged.Select(t => t.Name));
    }

    [Fact]
    public async Task AnyCall_TableMissing_Throws404TableNotFound()
    {
        var table = azurite.Service().GetTableClient(TableServiceFixture.NewName());

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.Equal(404, thrown.Status);
        Assert.True(thrown.ErrorCode == TableErrorCode.TableNotFound, thrown.ErrorCode);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel)).HasValue);
    }

    [Fact]
    public async Task AnyCall_NobodyListens_ThrowsStatusZero()
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var table = new TableClient(
            new Uri($"http://127.0.0.1:{port}/contoso"), "scores", new TableSharedKeyCredential(ScriptedService.Account, ScriptedService.Key), TableServiceFixture.Impatient());

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel));

        Assert.Equal(0, thrown.Status);
    }

    [Fact]
    public async Task AnyCall_AnswerIsNotOData_ThrowsItsStatus()
    {
        var service = ScriptedService.Answering(HttpStatusCode.BadGateway, "<html>s3cret</html>", "text/html");

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => service.Table().GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel));

        Assert.Equal(502, thrown.Status);
        Assert.DoesNotContain("s3cret", thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_ServiceTextQuotesTheRequest_MessageDoesNot()
    {
        var service = ScriptedService.Answering(HttpStatusCode.BadRequest, """{"odata.error":{"code":"InvalidInput","message":{"lang":"en-US","value":"bad value s3cret"}}}""");

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => service.Table().UpsertEntityAsync(new TableEntity("p", "r"), cancellationToken: Cancel));

        Assert.Equal((400, "InvalidInput"), (thrown.Status, thrown.ErrorCode));
        Assert.DoesNotContain("s3cret", thrown.ToString(), StringComparison.Ordinal);
        Assert.Contains("UpsertEntity on table 'scores'", thrown.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
