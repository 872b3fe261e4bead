using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Clv.Tables.Tests;

public sealed class ConditionTests(TableServiceFixture azurite)
{
    [Fact]
    public async Task AddEntity_RowExists_Throws409AndKeepsTheRow()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("s3cretP", "s3cretR") { ["A"] = 1 }, Cancel);

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("s3cretP", "s3cretR") { ["A"] = "s3cretV" }, Cancel));

        Assert.Equal(409, thrown.Status);
        Assert.True(thrown.ErrorCode == TableErrorCode.EntityAlreadyExists, thrown.ErrorCode);
        Assert.Contains("AddEntity", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(table.Name, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", thrown.ToString(), StringComparison.Ordinal);
        Assert.Equal(409, thrown.GetRawResponse()!.Status);
        Assert.Equal(1, (await table.GetEntityAsync<TableEntity>("s3cretP", "s3cretR", cancellationToken: Cancel)).Value.GetInt32("A"));
    }

    [Fact]
    public async Task GetEntity_NoRow_Throws404()
    {
        var table = await azurite.NewTableAsync();

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel));

        Assert.Equal(404, thrown.Status);
        Assert.True(thrown.ErrorCode == TableErrorCode.ResourceNotFound, thrown.ErrorCode);
    }

    [Fact]
    public async Task GetEntityIfExists_NoRow_HasNoValue()
    {
        var table = await azurite.NewTableAsync();

        var row = await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        Assert.False(row.HasValue);
        Assert.Equal(404, row.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => row.Value);
    }

    [Fact]
    public async Task GetEntityIfExists_Row_HasIt()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);

        var row = await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        Assert.True(row.HasValue);
        Assert.Equal(1, row.Value!.GetInt32("A"));
    }

    [Fact]
    public async Task UpdateEntity_CurrentETag_WritesAndReturnsTheNextOne()
    {
        var table = await azurite.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel)).Headers.ETag!.Value;

        var second = (await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, first, TableUpdateMode.Replace, Cancel)).Headers.ETag!.Value;
        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, second, TableUpdateMode.Replace, Cancel);

        Assert.NotEqual(first, second);
        Assert.Equal(3, (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value.GetInt32("A"));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task UpdateEntity_StaleETag_Throws412AndKeepsTheRow(TableUpdateMode mode)
    {
        var (table, stale) = await RowWithStaleETagAsync();

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 9 }, stale, mode, Cancel));

        Assert.Equal(412, thrown.Status);
        Assert.True(thrown.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied, thrown.ErrorCode);
        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value.GetInt32("A"));
    }

    [Fact]
    public async Task DeleteEntity_StaleETag_Throws412AndKeepsTheRow()
    {
        var (table, stale) = await RowWithStaleETagAsync();

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", stale, Cancel));

        Assert.Equal(412, thrown.Status);
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel)).HasValue);
    }

    [Fact]
    public async Task DeleteEntity_NoRow_Returns404WithoutThrowing()
    {
        var table = await azurite.NewTableAsync();

        Assert.Equal(404, (await table.DeleteEntityAsync("p", "r", cancellationToken: Cancel)).Status);
    }

    [Fact]
    public async Task UpdateEntity_NoETag_ThrowsInsteadOfUpserting()
    {
        var counter = new CountingPolicy();
        var table = azurite.Service(counter.Options()).GetTableClient("unused");

        await Assert.ThrowsAsync<ArgumentException>("ifMatch", () => table.UpdateEntityAsync(new TableEntity("p", "r"), default, cancellationToken: Cancel));

        Assert.Equal(0, counter.Sent);
    }

    [Fact]
    public async Task UpdateEntity_AnyETagNoRow_Throws404()
    {
        var table = await azurite.NewTableAsync();

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All, cancellationToken: Cancel));

        Assert.Equal(404, thrown.Status);
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, 1)]
    [InlineData(TableUpdateMode.Replace, null)]
    public async Task UpsertEntity_RowExists_KeepsOtherColumnsOnlyWhenMerging(TableUpdateMode mode, int? expected)
    {
        var table = await azurite.NewTableAsync();
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["Old"] = 1 }, mode, Cancel);

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["New"] = 2 }, mode, Cancel);

        var row = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value;
        Assert.Equal((expected, 2), (row.GetInt32("Old"), row.GetInt32("New")));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<(TableClient Table, ETag Stale)> RowWithStaleETagAsync()
    {
        var table = await azurite.NewTableAsync();
        var stale = (await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel)).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, cancellationToken: Cancel);
        return (table, stale);
    }
}
