using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Audit;

public sealed class LookupAuditTests
{
    [Fact]
    public async Task Lookups_OfAnybody_LeaveOneRowEachWithAPseudonymAlone()
    {
        await using var rig = await PublishedAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, "api/customers/C1"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, "api/customers?id=C2"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(rig, "api/customers/nobody-like-that"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, "api/explanations/C3"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(rig, "api/customers/%20"));

        var rows = await RowsAsync(rig);
        Assert.Equal(
            [("lookup", "found", Key("C1")), ("lookup", "found", Key("C2")), ("lookup", "unknown", Key("nobody-like-that")), ("explain", "found", Key("C3"))],
            rows.Select(static row => (row.GetString("Action"), row.GetString("Outcome"), row.GetString("Customer"))));
        Assert.All(rows, static row => Assert.Equal("functions-key", row.GetString("Who")));
        Assert.All(rows, static row => Assert.Equal(
            ["Action", "Customer", "Outcome", "PartitionKey", "RowKey", "Who"],
            row.Keys.Where(static name => name is not ("odata.etag" or "Timestamp")).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(503)]
    public async Task Lookup_WhoseRowCannotBeWritten_IsNotAnswered(int status)
    {
        await using var rig = await PublishedAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, "api/customers/C1"));
        var blocked = true;
        rig.Proxy.Before = request => Task.FromResult<int?>(blocked && IsAudit(request) ? status : null);

        foreach (var path in (string[])["api/customers/C1", "api/explanations/C1"])
        {
            using var answer = await rig.Api.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("5", answer.Headers.RetryAfter?.ToString());
            var problem = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains(status == 403 ? "The audit cannot be written" : "Storage cannot be reached", JsonDocument.Parse(problem).RootElement.GetProperty("title").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Key("C1"), problem, StringComparison.Ordinal);
        }

        blocked = false;
        var watch = Stopwatch.StartNew();
        while (await StatusAsync(rig, "api/customers/C1") != HttpStatusCode.OK)
        {
            Assert.True(watch.Elapsed < NightRig.Limit);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Lookup_Answered_OnlyWhenItsRowIsIn()
    {
        await using var rig = await PublishedAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, "api/customers/C1"));
        var (asked, hedged, open) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        rig.Proxy.Before = async request =>
        {
            if (IsAudit(request))
            {
                if (Interlocked.Increment(ref asked) == 2)
                {
                    hedged.SetResult();
                }

                await open.Task;
            }

            return null;
        };

        // So much later that it is sent a second time, and no longer than a lookup waits at the most.
        var answer = StatusAsync(rig, "api/customers/C2");
        await hedged.Task.WaitAsync(NightRig.Limit, TestContext.Current.CancellationToken);
        Assert.False(answer.IsCompleted);
        open.SetResult();

        Assert.Equal(HttpStatusCode.OK, await answer);
        // It was hedged meanwhile: the same row twice is one.
        Assert.Single(await RowsAsync(rig), static row => row.GetString("Customer") == Key("C2"));
    }

    [Fact]
    public async Task Lookup_HedgedAtStorage_LeavesOneRow()
    {
        await using var rig = await PublishedAsync();
        var (reads, second) = (0, new TaskCompletionSource());
        rig.Proxy.Before = async request =>
        {
            if (request.Method == "GET" && request.Target.Contains("clvscores", StringComparison.Ordinal))
            {
                switch (Interlocked.Increment(ref reads))
                {
                    case 1:
                        await second.Task;
                        break;
                    case 2:
                        second.SetResult();
                        break;
                }
            }

            return null;
        };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, "api/customers/C1"));

        Assert.True(reads > 1);
        Assert.Single(await RowsAsync(rig));
    }

    [Fact]
    public async Task Lookup_AfterTheTableWasDropped_MakesItAgain()
    {
        await using var rig = await PublishedAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, "api/customers/C1"));
        await rig.Tables.DeleteTableAsync(Names.Audit, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, "api/customers/C2"));

        Assert.Single(await RowsAsync(rig));
    }

    [Fact]
    public async Task Lookup_ThatFails_IsInTheAuditAsFailed()
    {
        await using var rig = await PublishedAsync();
        rig.Proxy.Before = static request => Task.FromResult<int?>(
            request.Method == "GET" && request.Target.Contains("clvscores", StringComparison.Ordinal) ? 403 : null);

        Assert.Equal(HttpStatusCode.InternalServerError, await StatusAsync(rig, "api/customers/C1"));

        Assert.Equal("failed", Assert.Single(await RowsAsync(rig)).GetString("Outcome"));
    }

    /// <summary>Measures; run by name. By turns with the row at storage, and with a proxy that says at once that it is there.</summary>
    [Fact(Explicit = true)]
    public async Task Lookup_WithItsRow_TakesHardlyLonger()
    {
        const int Times = 200;
        await using var rig = await PublishedAsync();
        var with = true;
        rig.Proxy.Before = request => Task.FromResult<int?>(!with && IsAudit(request) ? 204 : null);
        var took = new Dictionary<bool, List<double>> { [true] = [], [false] = [] };
        for (var i = -100; i < Times * 2; i++)
        {
            with = i % 2 == 0;
            var watch = Stopwatch.StartNew();
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(rig, $"api/customers/C{((i + 100) % 300) + 1}"));
            if (i >= 0)
            {
                took[with].Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        foreach (var (audited, times) in took)
        {
            times.Sort();
            TestContext.Current.TestOutputHelper!.WriteLine($"row at storage {audited}: median {times[Times / 2]:0.00} ms, p95 {times[Times * 95 / 100]:0.00} ms");
        }
    }

    private static async Task<NightRig> PublishedAsync()
    {
        var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        return rig;
    }

    private static async Task<HttpStatusCode> StatusAsync(NightRig rig, string path)
    {
        using var answer = await rig.Api.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<List<TableEntity>> RowsAsync(NightRig rig)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in rig.Tables.GetTableClient(Names.Audit).QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
        {
            if (row.GetString("Customer") is not null)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    private static bool IsAudit(StorageRequest request) => request.Target.Contains(Names.Audit, StringComparison.Ordinal);

    private static string Key(string id) => CustomerKey.Of(Encoding.UTF8.GetBytes(id), Encoding.UTF8.GetBytes(NightRig.HashKey)).ToString();
}
