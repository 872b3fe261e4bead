using System.Net;
using Azure;
using Azure.Data.Tables;

namespace Clv.Tables.Tests;

public sealed class QueryTests(TableServiceFixture azurite)
{
    [Fact]
    public async Task Query_OverAThousandRows_ReturnsAllInOrderWithoutGapsOrRepeats()
    {
        var table = await azurite.NewTableAsync();
        await FillAsync(table, "p", 1050);
        await FillAsync(table, "with space 🦊", 3);

        var all = await table.QueryAsync<TableEntity>(cancellationToken: Cancel).Take(3000).ToListAsync(Cancel);
        var pages = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'", cancellationToken: Cancel).AsPages().Take(5).ToListAsync(Cancel);

        Assert.Equal(1053, all.Count);
        Assert.Equal(1053, all.Select(r => (r.PartitionKey, r.RowKey)).Distinct().Count());
        Assert.Equal(2, pages.Count);
        Assert.Equal(Enumerable.Range(0, 1050).Select(Row), pages.SelectMany(p => p.Values).Select(r => r.RowKey));
        Assert.Null(pages[^1].ContinuationToken);
    }

    [Fact]
    public async Task Query_RowRange_ReturnsThatRange()
    {
        var table = await azurite.NewTableAsync();
        await FillAsync(table, "p", 20);
        await FillAsync(table, "q", 20);
        var (from, to) = (Row(5), Row(9));

        var rows = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: Cancel)
            .ToListAsync(Cancel);

        Assert.Equal([Row(5), Row(6), Row(7), Row(8)], rows.Select(r => r.RowKey));
        Assert.All(rows, r => Assert.Equal("p", r.PartitionKey));
    }

    [Fact]
    public async Task AsPages_ContinuationToken_ResumesAfterThePage()
    {
        var table = await azurite.NewTableAsync();
        foreach (var partition in new[] { "a b", "ü'", "🦊" })
        {
            await FillAsync(table, partition, 3);
        }

        var seen = new List<(string, string)>();
        string? token = null;
        do
        {
            // A fresh listing per page, as a caller does who keeps the token across requests.
            await foreach (var page in table.QueryAsync<TableEntity>(maxPerPage: 2, cancellationToken: Cancel).AsPages(token))
            {
                Assert.InRange(page.Values.Count, 0, 2);
                seen.AddRange(page.Values.Select(r => (r.PartitionKey, r.RowKey)));
                token = page.ContinuationToken;
                break;
            }

            // A token that does not resume would go round for ever.
            Assert.InRange(seen.Count, 0, 9);
        }
        while (token is not null);

        Assert.Equal(9, seen.Count);
        Assert.Equal(9, seen.Distinct().Count());
    }

    [Fact]
    public async Task Query_Select_ReturnsOnlyThoseColumns()
    {
        var table = await azurite.NewTableAsync();
        await FillAsync(table, "p", 2);

        var rows = await table.QueryAsync<TableEntity>(select: ["RowKey", "Number"], cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal([0, 1], rows.Select(r => r.GetInt32("Number")));
        Assert.All(rows, r => Assert.False(r.ContainsKey("Text")));
    }

    [Fact]
    public async Task Query_FiltersOfEveryType_FindTheRow()
    {
        var table = await azurite.NewTableAsync();
        var time = new DateTimeOffset(2026, 3, 1, 4, 5, 6, TimeSpan.Zero);
        var guid = new Guid("7f1c0c4e-0a53-4f57-9c5b-0d6f8d5f2a11");
        await table.AddEntityAsync(
            new TableEntity("p", "r") { ["S"] = "it's", ["I"] = 7, ["L"] = 5_000_000_000L, ["D"] = 2.5, ["W"] = 3.0, ["B"] = true, ["T"] = time, ["G"] = guid }, Cancel);
        await table.AddEntityAsync(new TableEntity("p", "other") { ["S"] = "its", ["I"] = 8, ["L"] = 1L, ["D"] = 0.5, ["W"] = 4.0, ["B"] = false, ["T"] = time.AddDays(1), ["G"] = Guid.Empty }, Cancel);

        FormattableString[] filters =
        [
            $"S eq {"it's"}", $"I eq {7}", $"L eq {5_000_000_000L}", $"D eq {2.5}", $"W eq {3.0}", $"B eq {true}", $"T eq {time}", $"T lt {time.AddHours(1).UtcDateTime}", $"G eq {guid}",
        ];
        foreach (var filter in filters)
        {
            var rows = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter(filter), cancellationToken: Cancel).ToListAsync(Cancel);
            Assert.True(rows.Count == 1 && rows[0].RowKey == "r", $"{filter} found {rows.Count}");
        }
    }

    [Fact]
    public void CreateQueryFilter_Literals_AreWrittenAsOData()
    {
        Assert.Equal("A eq 'it''s' and B gt 5L", TableClient.CreateQueryFilter($"A eq {"it's"} and B gt {5L}"));
        Assert.Equal("A eq 5 or A eq 5.0 or A eq 1E+20 or A eq NaN", TableClient.CreateQueryFilter($"A eq {5} or A eq {5.0} or A eq {1e20} or A eq {double.NaN}"));
        Assert.Equal("A eq datetime'2026-01-02T01:04:05.0000000Z'", TableClient.CreateQueryFilter($"A eq {new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2))}"));
        Assert.Equal("A eq X'00ff' or A eq null or A eq true", TableClient.CreateQueryFilter($"A eq {new byte[] { 0, 255 }} or A eq {null} or A eq {true}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {1.5m}"));
    }

    [Fact]
    public async Task Query_EmptyPageWithContinuation_GoesOn()
    {
        var service = new ScriptedService(seen =>
        {
            var first = !seen.Uri.Query.Contains("NextPartitionKey", StringComparison.Ordinal);
            var answer = ScriptedService.Answer(HttpStatusCode.OK, first ? """{"value":[]}""" : """{"value":[{"PartitionKey":"p","RowKey":"r"}]}""");
            if (first)
            {
                // Between two partitions the service names no row.
                answer.Headers.Add("x-ms-continuation-NextPartitionKey", "1!8!a b+/=");
            }

            return answer;
        });

        var rows = await service.Table().QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Single(rows);
        Assert.Equal("?NextPartitionKey=1%218%21a%20b%2B%2F%3D", service.Requests[1].Uri.Query);
    }

    [Fact]
    public async Task Query_RowsWithDifferentColumns_KeepTheirOwnNames()
    {
        var service = ScriptedService.Answering(HttpStatusCode.OK, """{"value":[{"A":1,"B":2},{"B":3},{"C":4,"A":5,"D":6},{}]}""");

        var rows = await service.Table().QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(["A=1,B=2", "B=3", "C=4,A=5,D=6", ""], rows.Select(r => string.Join(',', r.Keys.Select(k => $"{k}={r[k]}"))));
    }

    [Fact]
    public async Task Query_BadFilter_Throws400WithoutQuotingIt()
    {
        var table = await azurite.NewTableAsync();

        var thrown = await Assert.ThrowsAnyAsync<RequestFailedException>(
            async () => await table.QueryAsync<TableEntity>("s3cret ~~ 'x'", cancellationToken: Cancel).ToListAsync(Cancel));

        Assert.Equal(400, thrown.Status);
        Assert.DoesNotContain("s3cret", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_CancelledByEnumerator_Stops()
    {
        using var cancelled = new CancellationTokenSource();
        var service = new ScriptedService(_ =>
        {
            cancelled.Cancel();
            var answer = ScriptedService.Answer(HttpStatusCode.OK, """{"value":[]}""");
            answer.Headers.Add("x-ms-continuation-NextPartitionKey", "more");
            return answer;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var row in service.Table().QueryAsync<TableEntity>(cancellationToken: Cancel).WithCancellation(cancelled.Token))
            {
                Assert.Fail($"No row was expected, but came {row.Count}.");
            }
        });
        Assert.Single(service.Requests);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Row(int number) => $"{number:D6}";

    private static async Task FillAsync(TableClient table, string partition, int count)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(100))
        {
            await table.SubmitTransactionAsync(
                chunk.Select(n => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partition, Row(n)) { ["Number"] = n, ["Text"] = "x" })), Cancel);
        }
    }
}
