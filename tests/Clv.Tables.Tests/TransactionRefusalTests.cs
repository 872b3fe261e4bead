using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using static Azure.Data.Tables.TableTransactionActionType;

namespace Clv.Tables.Tests;

public sealed class TransactionRefusalTests(TableServiceFixture azurite)
{
    private readonly CountingPolicy _counter = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmitTransaction_Null_Throws()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Table().SubmitTransactionAsync(null!, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Table().SubmitTransactionAsync([Upsert("p", "a"), null!], Cancel));
        Assert.Equal(0, _counter.Sent);
    }

    [Fact]
    public async Task SubmitTransaction_Empty_ThrowsUnsent()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Table().SubmitTransactionAsync([], Cancel));

        Assert.Equal(0, _counter.Sent);
    }

    [Fact]
    public Task SubmitTransaction_101Actions_IsRefusedUnsent() =>
        AssertRefusedAsync(Enumerable.Range(0, 101).Select(n => Upsert("p", $"{n}")), 400, TableErrorCode.InvalidInput, 100);

    [Fact]
    public Task SubmitTransaction_TwoPartitions_IsRefusedUnsent() =>
        AssertRefusedAsync([Upsert("s3cret1", "a"), Upsert("s3cret1", "b"), Upsert("s3cret2", "c")], 400, TableErrorCode.CommandsInBatchActOnDifferentPartitions, 2);

    [Fact]
    public Task SubmitTransaction_PartitionsThatDifferInCase_IsRefusedUnsent() =>
        AssertRefusedAsync([Upsert("p", "a"), Upsert("P", "b")], 400, TableErrorCode.CommandsInBatchActOnDifferentPartitions, 1);

    [Fact]
    public Task SubmitTransaction_SameRowTwice_IsRefusedUnsent() =>
        AssertRefusedAsync([Upsert("p", "s3cret"), Upsert("p", "b"), new(Delete, new TableEntity("p", "s3cret"))], 400, TableErrorCode.InvalidDuplicateRow, 2);

    [Fact]
    public Task SubmitTransaction_OverFourMebibytes_IsRefusedUnsent() =>
        AssertRefusedAsync(Enumerable.Range(0, 90).Select(n => Upsert("p", $"{n}", new string('x', 24_000))), 413, "RequestBodyTooLarge", null);

    [Fact]
    public async Task SubmitTransaction_JustUnderFourMebibytes_IsSent()
    {
        var table = await azurite.NewTableAsync();

        var answer = await table.SubmitTransactionAsync(Enumerable.Range(0, 85).Select(n => Upsert("p", $"{n}", new string('x', 24_000))), Cancel);

        Assert.Equal(85, answer.Value.Count);
    }

    [Fact]
    public async Task SubmitTransaction_UnsupportedValue_ThrowsUnsent()
    {
        var entity = new TableEntity("p", "r") { ["Odd"] = 1m };

        await Assert.ThrowsAsync<NotSupportedException>(() => Table().SubmitTransactionAsync([new(Add, entity)], Cancel));

        Assert.Equal(0, _counter.Sent);
    }

    /// <remarks>Two columns, because one holds at most 64 KiB of UTF-16.</remarks>
    private static TableTransactionAction Upsert(string partition, string row, string text = "") =>
        new(UpsertReplace, new TableEntity(partition, row) { ["Text"] = text, ["More"] = text });

    private TableClient Table() => azurite.Service(_counter.Options()).GetTableClient("unused");

    private async Task AssertRefusedAsync(IEnumerable<TableTransactionAction> actions, int status, TableErrorCode code, int? index)
    {
        var thrown = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table().SubmitTransactionAsync(actions, Cancel));

        Assert.Equal((status, index), (thrown.Status, thrown.FailedTransactionActionIndex));
        Assert.True(thrown.ErrorCode == code, thrown.ErrorCode);
        Assert.Contains("unused", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", thrown.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _counter.Sent);
    }
}
