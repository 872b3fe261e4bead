using System.Net;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using static Azure.Data.Tables.TableTransactionActionType;

namespace Clv.Tables.Tests;

public sealed class TransactionTests(TableServiceFixture azurite)
{
    [Fact]
    public async Task SubmitTransaction_AHundredRows_WritesThemAllAndReturnsTheirETags()
    {
        var table = await azurite.NewTableAsync();

        var answer = await table.SubmitTransactionAsync(
            Enumerable.Range(0, 100).Select(n => new TableTransactionAction(Add, new TableEntity("p", $"{n:D3}") { ["N"] = n })), Cancel);

        Assert.Equal(100, answer.Value.Count);
        Assert.All(answer.Value, part => Assert.Equal(204, part.Status));
        var rows = await table.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(0, 100), rows.Select(r => r.GetInt32("N")!.Value));
        Assert.Equal(rows.Select(r => r.ETag), answer.Value.Select(part => part.Headers.ETag!.Value));
    }

    [Fact]
    public async Task SubmitTransaction_EveryKindOfAction_DoesEach()
    {
        var table = await azurite.NewTableAsync();
        foreach (var row in new[] { "merge", "replace", "delete", "upsert-merge", "upsert-replace" })
        {
            await table.AddEntityAsync(new TableEntity("p", row) { ["Old"] = 1 }, Cancel);
        }

        var mergeTag = (await table.GetEntityAsync<TableEntity>("p", "merge", cancellationToken: Cancel)).Value.ETag;
        TableEntity New(string row) => new("p", row) { ["New"] = 2 };

        await table.SubmitTransactionAsync(
            [
                new(Add, New("add")),
                new(UpdateMerge, New("merge"), mergeTag),
                new(UpdateReplace, New("replace"), ETag.All),
                new(Delete, New("delete")),
                new(UpsertMerge, New("upsert-merge")),
                new(UpsertReplace, New("upsert-replace")),
                new(UpsertMerge, New("upsert-new")),
            ],
            Cancel);

        var rows = await table.QueryAsync<TableEntity>(cancellationToken: Cancel).ToDictionaryAsync(r => r.RowKey, r => (r.GetInt32("Old"), r.GetInt32("New")), cancellationToken: Cancel);
        Assert.Equal(["add", "merge", "replace", "upsert-merge", "upsert-new", "upsert-replace"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((null, 2), rows["add"]);
        Assert.Equal((1, 2), rows["merge"]);
        Assert.Equal((null, 2), rows["replace"]);
        Assert.Equal((1, 2), rows["upsert-merge"]);
        Assert.Equal((null, 2), rows["upsert-new"]);
        Assert.Equal((null, 2), rows["upsert-replace"]);
    }

    [Fact]
    public async Task SubmitTransaction_OneInsertExists_ThrowsWithItsIndexAndWritesNothing()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("s3cretP", "s3cret2") { ["A"] = 1 }, Cancel);

        var thrown = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            Enumerable.Range(0, 4).Select(n => new TableTransactionAction(Add, new TableEntity("s3cretP", $"s3cret{n}") { ["A"] = 2 })), Cancel));

        Assert.Equal(409, thrown.Status);
        Assert.True(thrown.ErrorCode == TableErrorCode.EntityAlreadyExists, thrown.ErrorCode);
        Assert.Equal(2, thrown.FailedTransactionActionIndex);
        Assert.Contains(table.Name, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", thrown.ToString(), StringComparison.Ordinal);
        var row = Assert.Single(await table.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Equal(1, row.GetInt32("A"));
    }

    [Fact]
    public async Task SubmitTransaction_StaleETag_Throws412AndWritesNothing()
    {
        var table = await azurite.NewTableAsync();
        var stale = (await table.AddEntityAsync(new TableEntity("p", "counter") { ["N"] = 1 }, Cancel)).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "counter") { ["N"] = 2 }, cancellationToken: Cancel);

        var thrown = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [new(Add, new TableEntity("p", "marker")), new(UpdateReplace, new TableEntity("p", "counter") { ["N"] = 3 }, stale)], Cancel));

        Assert.Equal(412, thrown.Status);
        Assert.True(thrown.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied, thrown.ErrorCode);
        Assert.Equal(1, thrown.FailedTransactionActionIndex);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "marker", cancellationToken: Cancel)).HasValue);
        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>("p", "counter", cancellationToken: Cancel)).Value.GetInt32("N"));
    }

    [Fact]
    public async Task SubmitTransaction_DeleteOfMissingRow_Throws404()
    {
        var table = await azurite.NewTableAsync();

        var thrown = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync([new(Delete, new TableEntity("p", "r"))], Cancel));

        Assert.Equal(404, thrown.Status);
        Assert.Equal(0, thrown.FailedTransactionActionIndex);
    }

    [Fact]
    public async Task SubmitTransaction_NoTable_Throws404()
    {
        var table = azurite.Service().GetTableClient(TableServiceFixture.NewName());

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.SubmitTransactionAsync([new(Add, new TableEntity("p", "r"))], Cancel));

        Assert.Equal(404, thrown.Status);
    }

    [Fact]
    public async Task SubmitTransaction_AnswerInAzuresWords_IsRead()
    {
        var answer = string.Join("\r\n",
            "--batchresponse_1", "Content-Type: multipart/mixed; boundary=changesetresponse_2", "",
            "--changesetresponse_2", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
            "HTTP/1.1 204 No Content", "X-Content-Type-Options: nosniff", "Cache-Control: no-cache", "Preference-Applied: return-no-content",
            "DataServiceVersion: 3.0;", "Location: https://contoso.table.core.windows.net/scores(PartitionKey='p',RowKey='a')",
            "ETag: W/\"datetime'2026-01-02T03%3A04%3A05.1234567Z'\"", "", "",
            "--changesetresponse_2", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
            "HTTP/1.1 204 No Content", "ETag: W/\"2\"", "", "",
            "--changesetresponse_2--", "--batchresponse_1--", "");
        var service = ScriptedService.Answering(HttpStatusCode.Accepted, answer, "multipart/mixed; boundary=batchresponse_1");

        var parts = (await service.Table().SubmitTransactionAsync([Upsert("a"), Upsert("b")], Cancel)).Value;

        Assert.Equal([204, 204], parts.Select(p => p.Status));
        Assert.Equal(["W/\"datetime'2026-01-02T03%3A04%3A05.1234567Z'\"", "W/\"2\""], parts.Select(p => p.Headers.ETag!.Value.ToString()));
        Assert.False(parts[0].IsError);
    }

    [Fact]
    public async Task SubmitTransaction_FailureInAzuresWords_IsRead()
    {
        var answer = string.Join("\r\n",
            "--batchresponse_1", "Content-Type: multipart/mixed; boundary=changesetresponse_2", "",
            "--changesetresponse_2", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
            "HTTP/1.1 409 Conflict", "Content-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8", "",
            """{"odata.error":{"code":"EntityAlreadyExists","message":{"lang":"en-US","value":"17:The specified entity already exists.\nRequestId:1\nTime:2026"}}}""",
            "--changesetresponse_2--", "--batchresponse_1--", "");
        var service = ScriptedService.Answering(HttpStatusCode.Accepted, answer, "multipart/mixed; boundary=batchresponse_1");

        var thrown = await Assert.ThrowsAsync<TableTransactionFailedException>(() => service.Table().SubmitTransactionAsync([Upsert("a")], Cancel));

        Assert.Equal((409, "EntityAlreadyExists", 17), (thrown.Status, thrown.ErrorCode, thrown.FailedTransactionActionIndex));
    }

    [Fact]
    public async Task SubmitTransaction_FewerAnswersThanActions_IsNotTakenForSuccess()
    {
        var service = ScriptedService.Answering(HttpStatusCode.Accepted, "--b\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n--b--\r\n", "multipart/mixed; boundary=b");

        await Assert.ThrowsAnyAsync<RequestFailedException>(() => service.Table().SubmitTransactionAsync([Upsert("a"), Upsert("b")], Cancel));
    }

    [Fact]
    public async Task SubmitTransaction_RequestRefusedAsAWhole_ThrowsItsStatus()
    {
        var service = ScriptedService.Answering(HttpStatusCode.Forbidden, """{"odata.error":{"code":"AuthorizationFailure","message":{"value":"x"}}}""");

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => service.Table().SubmitTransactionAsync([Upsert("a")], Cancel));

        Assert.Equal((403, "AuthorizationFailure"), (thrown.Status, thrown.ErrorCode));
    }

    [Fact]
    public async Task SubmitTransaction_Body_IsOneChangesetOfWholeRequests()
    {
        var service = ScriptedService.Answering(HttpStatusCode.Accepted);
        await Assert.ThrowsAnyAsync<RequestFailedException>(() => service.Table().SubmitTransactionAsync(
            [new(Add, new TableEntity("p", "a") { ["N"] = 5L }), new(Delete, new TableEntity("p", "it's"), new ETag("W/\"1\""))], Cancel));

        var seen = Assert.Single(service.Requests);
        var batch = seen.Headers["Content-Type"]["multipart/mixed; boundary=".Length..];
        var changeset = seen.Body.Split("boundary=")[1].Split("\r\n")[0];
        Assert.Equal(
            string.Join("\r\n",
                $"--{batch}", $"Content-Type: multipart/mixed; boundary={changeset}", "",
                $"--{changeset}", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
                "POST https://contoso.table.core.windows.net/scores HTTP/1.1", "Accept: application/json;odata=minimalmetadata", "DataServiceVersion: 3.0",
                "Content-Type: application/json", "Prefer: return-no-content", "",
                """{"PartitionKey":"p","RowKey":"a","N@odata.type":"Edm.Int64","N":"5"}""",
                $"--{changeset}", "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
                "DELETE https://contoso.table.core.windows.net/scores(PartitionKey='p',RowKey='it%27%27s') HTTP/1.1",
                "Accept: application/json;odata=minimalmetadata", "DataServiceVersion: 3.0", "If-Match: W/\"1\"", "",
                $"--{changeset}--", $"--{batch}--", ""),
            seen.Body);
        Assert.Equal("https://contoso.table.core.windows.net/$batch", seen.Uri.AbsoluteUri);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static TableTransactionAction Upsert(string row) => new(UpsertReplace, new TableEntity("p", row));
}
