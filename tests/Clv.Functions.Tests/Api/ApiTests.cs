using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Api;

public sealed class ApiTests
{
    [Fact]
    public async Task Api_WrongRequests_AreAnsweredWithProblemDetails()
    {
        await using var rig = await NightRig.StartAsync();

        await ProblemAsync(rig.Api.GetAsync("api/customers/anybody"), HttpStatusCode.NotFound, "Nothing is published yet");

        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        var report = await rig.RunAsync(NightRig.Tonight);
        var unknown = await ProblemAsync(rig.Api.GetAsync("api/customers/nobody"), HttpStatusCode.NotFound, "Unknown customer");
        Assert.Equal(report.Run, unknown.GetProperty("run").GetProperty("id").GetString());
        await ProblemAsync(rig.Api.GetAsync("api/customers"), HttpStatusCode.BadRequest, "The request is malformed");
        await ProblemAsync(rig.Api.GetAsync("api/customers/%20"), HttpStatusCode.BadRequest, "The request is malformed");
        await ProblemAsync(rig.Api.GetAsync("api/customers?id=" + new string('x', 3000)), HttpStatusCode.BadRequest, "The request is malformed");
        await ProblemAsync(rig.Api.GetAsync("api/customers?id=a%01b"), HttpStatusCode.BadRequest, "The request is malformed");
        await ProblemAsync(rig.Api.GetAsync("api/runs/r1"), HttpStatusCode.BadRequest, "The request is malformed");
        await ProblemAsync(rig.Api.GetAsync("api/runs/r99999"), HttpStatusCode.NotFound, "Unknown run");
        await ProblemAsync(Post("{ not json"), HttpStatusCode.BadRequest, "The request is malformed");
        await ProblemAsync(Post("""{"date":"tomorrow"}"""), HttpStatusCode.BadRequest, "The request is malformed");
        await ProblemAsync(rig.Api.GetAsync("api/nothing"), HttpStatusCode.NotFound, null);
        Assert.Equal("ok", (await rig.Api.GetFromJsonAsync<JsonElement>("api/healthz")).GetProperty("status").GetString());

        Task<HttpResponseMessage> Post(string body) => rig.Api.PostAsync("api/runs", new StringContent(body, Encoding.UTF8, "application/json"));
    }

    [Fact]
    public async Task Runs_OfManyNights_AreTheLast50TheLatestFirst()
    {
        await using var rig = await NightRig.StartAsync();
        var table = rig.Tables.GetTableClient(Storage.Names.Runs);
        await table.CreateIfNotExistsAsync();
        for (var i = 1; i <= 60; i++)
        {
            await table.AddEntityAsync(new TableEntity("index", $"r{i:D5}"));
            await table.AddEntityAsync(new TableEntity($"r{i:D5}", "run")
            {
                ["Date"] = NightRig.Tonight.AddDays(i).ToString("O"),
                ["State"] = nameof(RunState.Failed),
                ["Reason"] = $"Reason {i}",
                ["StartedAt"] = DateTimeOffset.UnixEpoch.AddDays(i),
            });
        }

        var runs = (await rig.Api.GetFromJsonAsync<RunList>("api/runs", NightJson.Options))!.Runs;

        Assert.Equal(
            Enumerable.Range(11, 50).Reverse().Select(static i => ($"r{i:D5}", NightRig.Tonight.AddDays(i), $"Reason {i}")),
            runs.Select(static run => (run.Run, run.Date, run.Reason!)));
    }

    [Fact]
    public async Task Triggers_FromOutside_AreNotReachable()
    {
        await using var rig = await NightRig.StartAsync();

        foreach (var function in new[] { "StartNight", "RunUnit", "FailUnit" })
        {
            using var answer = await rig.Api.PostAsync(function, new StringContent("""{"Data":{"unit":"{}","timer":{}}}""", Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Lookup_StorageDown_Is503AndTheProcessLives()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/customers/C1")).StatusCode);
        var worker = Assert.Single(rig.Host.WorkerProcessIds);

        var down = true;
        rig.Proxy.Before = _ => Task.FromResult<int?>(down ? 503 : null);
        for (var i = 0; i < 15; i++)
        {
            await ProblemAsync(rig.Api.GetAsync("api/customers/C1"), HttpStatusCode.ServiceUnavailable, "Storage cannot be reached");
        }

        down = false;
        var watch = Stopwatch.StartNew();
        while ((await rig.Api.GetAsync("api/customers/C1")).StatusCode != HttpStatusCode.OK)
        {
            Assert.True(watch.Elapsed < NightRig.Limit);
            await Task.Delay(200);
        }

        Assert.Equal(worker, Assert.Single(rig.Host.WorkerProcessIds));
    }

    [Fact]
    public async Task Lookup_EmulatorGone_Is503AndTheProcessLives()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        var worker = Assert.Single(rig.Host.WorkerProcessIds);

        using (var emulator = Process.GetProcessById(rig.EmulatorProcess))
        {
            emulator.Kill();
            await emulator.WaitForExitAsync();
        }

        await ProblemAsync(rig.Api.GetAsync("api/customers/C1"), HttpStatusCode.ServiceUnavailable, "Storage cannot be reached");
        await ProblemAsync(rig.Api.GetAsync("api/runs/r00001"), HttpStatusCode.ServiceUnavailable, "Storage cannot be reached");
        Assert.Equal(worker, Assert.Single(rig.Host.WorkerProcessIds));
    }

    private static async Task<JsonElement> ProblemAsync(Task<HttpResponseMessage> request, HttpStatusCode status, string? title)
    {
        using var answer = await request;
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        if (title is not null)
        {
            Assert.Equal(title, problem.GetProperty("title").GetString());
        }

        return problem;
    }
}
