using Azure;
using Azure.Data.Tables;

namespace Clv.Tables.Tests;

public sealed class KeyTests(TableServiceFixture azurite)
{
    public static TheoryData<string> Keys =>
    [
        "plain", "with space", " leading and trailing ", "it's", "''", "100%", "%41", "a+b&c=d", "Müller", "日本語", "🦊", "e\u0301", "a,b;c(d)", "..", ".", "a..b", "{}", "~!@$^*", "\"q\"", "|",
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task EveryOperation_OddKeys_ReachesTheSameRow(string key)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity(key, key) { ["Step"] = 1 }, Cancel);
        await table.AddEntityAsync(new TableEntity(key, key + "2") { ["Step"] = 1 }, Cancel);

        var read = (await table.GetEntityAsync<TableEntity>(key, key, cancellationToken: Cancel)).Value;
        Assert.Equal((key, key), (read.PartitionKey, read.RowKey));

        var updated = await table.UpdateEntityAsync(new TableEntity(key, key) { ["Step"] = 2 }, read.ETag, TableUpdateMode.Replace, Cancel);
        Assert.Equal(204, updated.Status);
        await table.UpsertEntityAsync(new TableEntity(key, key) { ["Also"] = 3 }, TableUpdateMode.Merge, Cancel);

        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey eq {key}");
        var row = Assert.Single(await table.QueryAsync<TableEntity>(filter, cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Equal((key, 2, 3), (row.RowKey, row.GetInt32("Step"), row.GetInt32("Also")));

        Assert.Equal(204, (await table.DeleteEntityAsync(key, key, cancellationToken: Cancel)).Status);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>(key, key, cancellationToken: Cancel)).HasValue);
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>(key, key + "2", cancellationToken: Cancel)).HasValue);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task SubmitTransaction_OddKeys_ReachesTheSameRow(string key)
    {
        var table = await azurite.NewTableAsync();
        await table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new TableEntity(key, key) { ["Step"] = 1 }),
                new(TableTransactionActionType.UpsertReplace, new TableEntity(key, key + "2") { ["Step"] = 1 }),
            ],
            Cancel);
        await table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key) { ["Step"] = 2 }, ETag.All),
                new(TableTransactionActionType.Delete, new TableEntity(key, key + "2")),
            ],
            Cancel);

        var row = Assert.Single(await table.QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel));
        Assert.Equal((key, key, 2), (row.PartitionKey, row.RowKey, row.GetInt32("Step")));
    }

    [Fact]
    public async Task GetEntity_Keys_AreQuotedThenEncoded()
    {
        var service = ScriptedService.Answering(System.Net.HttpStatusCode.OK, "{}");

        await service.Table().GetEntityAsync<TableEntity>("it's", "ü/%?#", ["A", "B"], Cancel);

        var seen = Assert.Single(service.Requests);
        Assert.Equal(
            "https://contoso.table.core.windows.net/scores(PartitionKey='it%27%27s',RowKey='%C3%BC%2F%25%3F%23')?$select=A%2CB",
            seen.Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData(null, "r")]
    [InlineData("p", null)]
    public async Task Write_NullKey_ThrowsAndSendsNothing(string? partition, string? row)
    {
        var counter = new CountingPolicy();
        var table = azurite.Service(counter.Options()).GetTableClient("unused");
        var entity = new TableEntity(partition!, row!);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => table.AddEntityAsync(entity, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => table.UpsertEntityAsync(entity, cancellationToken: Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => table.GetEntityAsync<TableEntity>(partition!, row!, cancellationToken: Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => table.DeleteEntityAsync(entity, cancellationToken: Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => table.SubmitTransactionAsync([new(TableTransactionActionType.Add, entity)], Cancel));
        Assert.Equal(0, counter.Sent);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
