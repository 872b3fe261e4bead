using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Api;

/// <summary>What real nights answer is what the API's document says: every operation, every status, every member.</summary>
public sealed class OpenApiNightTests
{
    // Told by what they need: a caller without a role, too many requests, a broken storage; see OpenApiTests and below.
    private static readonly int[] Elsewhere = [401, 403, 413, 415, 429, 500, 503];

    [Fact]
    public async Task Answers_OfRealNights_AreAsTheDocumentSays()
    {
        await using var rig = await NightRig.StartAsync();
        var (api, client) = await DescribedApi.OfAsync(rig.Host.BaseAddress);
        using var http = client;

        // Nothing is published yet.
        foreach (var path in (string[])
            [
                "customers/1", "customers?id=1", "customers?email=a@example.com", "customers/1/record", "explanations/1", "explanations?id=1", "records/1", "records?id=1",
                "portfolio", "runs/r00009", "runs/r00009/models", "erasures/e313b583ecbfe824eb66a7e3cb35b73d",
            ])
        {
            await GetAsync(path, HttpStatusCode.NotFound);
        }

        await GetAsync("runs", HttpStatusCode.OK);
        await GetAsync("healthz", HttpStatusCode.OK);
        await PostAsync("customers:find", """{"query":"1"}""", HttpStatusCode.NotFound);
        await PostAsync("customers:batchGet", """{"ids":["1"]}""", HttpStatusCode.NotFound);
        await PostAsync("scenarios", """{"changes":[{"lever":"price","percent":3}]}""", HttpStatusCode.NotFound);
        await PostAsync("runs/r00009:publish", null, HttpStatusCode.NotFound);
        await DeleteAsync("erasures/e313b583ecbfe824eb66a7e3cb35b73d", HttpStatusCode.NotFound);

        // A night with everything, of which a first is compared with a second; the people of a phone number and an address are added.
        var world = new SmallWorld(150);
        await rig.DeliverAsync(SmallWorld.Before, world.Extract(SmallWorld.Before));
        await PostAsync("runs", $$"""{"date":"{{SmallWorld.Before:yyyy-MM-dd}}"}""", HttpStatusCode.Accepted);
        Assert.Equal(RunState.Published, (await rig.EndOfAsync("r00001")).State);
        await rig.DeliverAsync(NightRig.Tonight, world.Extract(NightRig.Tonight));
        var (held, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        rig.Proxy.Before = async request =>
        {
            if (request.Marks("ingest"))
            {
                held.TrySetResult();
                await goOn.Task;
            }

            return null;
        };
        await PostAsync("runs", $$"""{"date":"{{NightRig.Tonight:yyyy-MM-dd}}"}""", HttpStatusCode.Accepted);
        await held.Task.WaitAsync(TimeSpan.FromMinutes(2));
        // While it is under way.
        await PostAsync("runs", $$"""{"date":"{{NightRig.Tonight:yyyy-MM-dd}}"}""", HttpStatusCode.OK);
        await GetAsync("runs", HttpStatusCode.OK);
        await GetAsync("runs/r00002", HttpStatusCode.OK);
        await GetAsync("runs/r00002/models", HttpStatusCode.NotFound);
        await DeleteAsync("customers/somebody", HttpStatusCode.Accepted);
        await DeleteAsync("customers?id=somebody", HttpStatusCode.Accepted);
        goOn.SetResult();
        rig.Proxy.Before = static _ => Task.FromResult<int?>(null);
        Assert.Equal(RunState.Published, (await rig.EndOfAsync("r00002")).State);

        var ids = await IdsAsync(rig);
        Assert.True(ids.Count >= 150, $"{ids.Count}");
        foreach (var id in ids)
        {
            using var german = new HttpRequestMessage(HttpMethod.Get, $"/api/customers/{id}") { Headers = { { "Accept-Language", "de" } } };
            using var answer = await http.SendAsync(german);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        foreach (var id in ids.Take(15).Concat(ids.TakeLast(10)))
        {
            await GetAsync($"explanations/{id}", HttpStatusCode.OK);
            await GetAsync($"customers/{id}/record", HttpStatusCode.OK);
        }

        await GetAsync($"explanations?id={ids[0]}", HttpStatusCode.OK);
        await GetAsync($"records/{ids[0]}", HttpStatusCode.OK);
        await GetAsync($"records?id={ids[1]}", HttpStatusCode.OK);
        await GetAsync($"customers?id={ids[0]}", HttpStatusCode.OK);
        await GetAsync("customers/nobody", HttpStatusCode.NotFound);
        await GetAsync("portfolio", HttpStatusCode.OK);
        await GetAsync("runs", HttpStatusCode.OK);
        await GetAsync("runs/r00002", HttpStatusCode.OK);
        await GetAsync("runs/r00002/models", HttpStatusCode.OK);
        await GetAsync("healthz", HttpStatusCode.OK);
        await GetAsync("openapi.json", HttpStatusCode.OK);
        await PostAsync("customers:find", JsonSerializer.Serialize(new { query = ids[0] }), HttpStatusCode.OK);
        await PostAsync("customers:find", """{"id":"nobody"}""", HttpStatusCode.NotFound);
        await PostAsync("customers:batchGet", JsonSerializer.Serialize(new { ids = ids.Take(99).Append("nobody") }), HttpStatusCode.OK);
        await PostAsync("scenarios", """{"changes":[{"lever":"price","percent":3},{"lever":"conversion","percent":10},{"lever":"retention","percent":-2}]}""", HttpStatusCode.OK);

        // Rolled back and forward, and what cannot be published.
        await PostAsync("runs/r00001:publish", """{"reason":"To look at it."}""", HttpStatusCode.OK);
        await PostAsync("runs/r00002:publish", null, HttpStatusCode.OK);
        await PostAsync("runs", """{"date":"2026-11-22"}""", HttpStatusCode.Accepted);
        Assert.Equal(RunState.Failed, (await rig.EndOfAsync("r00003")).State);
        await GetAsync("runs/r00003", HttpStatusCode.OK);
        await PostAsync("runs/r00003:publish", null, HttpStatusCode.Conflict);
        // With most of its customers gone a night is held.
        var next = NightRig.Tonight.AddDays(1);
        await rig.DeliverAsync(next, new SmallWorld(20).Extract(next));
        await PostAsync("runs", $$"""{"date":"{{next:yyyy-MM-dd}}"}""", HttpStatusCode.Accepted);
        Assert.Equal(RunState.Held, (await rig.EndOfAsync("r00004")).State);
        await GetAsync("runs", HttpStatusCode.OK);
        await PostAsync("runs/r00004:publish", """{"reason":"It is so."}""", HttpStatusCode.Accepted);
        Assert.Equal(RunState.Published, (await rig.EndOfAsync("r00004")).State);

        // Somebody with a number and an address of their own.
        var contacts = new Dictionary<string, string>
        {
            ["transactions.csv"] = Customers.Transactions(60),
            ["customers.csv"] = "customer_id,phone,email\nC1,+49 30 23125001,customer1@example.com\nC2,+49 30 23125001,\n",
        };
        await rig.DeliverAsync(next.AddDays(1), contacts);
        await PostAsync("runs", $$"""{"date":"{{next.AddDays(1):yyyy-MM-dd}}"}""", HttpStatusCode.Accepted);
        if ((await rig.EndOfAsync("r00005")).State == RunState.Held)
        {
            await PostAsync("runs/r00005:publish", null, HttpStatusCode.Accepted);
            Assert.Equal(RunState.Published, (await rig.EndOfAsync("r00005")).State);
        }

        await PostAsync("customers:find", """{"phone":"+49 30 23125001"}""", HttpStatusCode.OK);
        await GetAsync("customers?email=customer1@example.com", HttpStatusCode.OK);

        // Erased, looked at, and let in again.
        await DeleteAsync("customers/C2", HttpStatusCode.OK);
        await DeleteAsync("customers?id=C3", HttpStatusCode.OK);
        await GetAsync("customers/C2/record", HttpStatusCode.OK);
        var key = (await GetAsync("erasures", HttpStatusCode.OK)).GetProperty("erasures")[0].GetProperty("key").GetString();
        await GetAsync($"erasures/{key}", HttpStatusCode.OK);
        await DeleteAsync($"erasures/{key}", HttpStatusCode.NoContent);
        var day = $"{DateTimeOffset.UtcNow:yyyy-MM-dd}";
        var page = await GetAsync($"audit?day={day}&limit=20", HttpStatusCode.OK);
        await GetAsync($"audit?day={day}" + (page.TryGetProperty("next", out var after) ? $"&after={after}" : ""), HttpStatusCode.OK);

        // What is malformed.
        foreach (var path in (string[])
            [
                "customers", "customers/%20", "customers/%20/record", "explanations", "explanations/%20", "records", "records/%20", "runs/x", "runs/x/models", "audit", "audit?day=2026-11-20&limit=many", "erasures/x",
            ])
        {
            await GetAsync(path, HttpStatusCode.BadRequest);
        }

        foreach (var path in (string[])["customers:find", "customers:batchGet", "scenarios", "runs", "runs/r00001:publish"])
        {
            await PostAsync(path, "[", HttpStatusCode.BadRequest);
        }

        foreach (var path in (string[])["customers", "customers/%20", "erasures/x"])
        {
            await DeleteAsync(path, HttpStatusCode.BadRequest);
        }

        Assert.Equal(
            api.Operations.SelectMany(static operation => operation.Responses.Select(answer => (operation.Id, Status: int.Parse(answer.Key)))).Where(static of => !Elsewhere.Contains(of.Status)).Order(),
            api.Seen.Where(static of => !Elsewhere.Contains(of.Status)).Order());

        Task<JsonElement> GetAsync(string path, HttpStatusCode status) => SendAsync(HttpMethod.Get, path, null, status);
        Task<JsonElement> PostAsync(string path, string? body, HttpStatusCode status) => SendAsync(HttpMethod.Post, path, body, status);
        Task<JsonElement> DeleteAsync(string path, HttpStatusCode status) => SendAsync(HttpMethod.Delete, path, null, status);

        async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode status)
        {
            using var request = new HttpRequestMessage(method, $"/api/{path}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await http.SendAsync(request);
            Assert.True(answer.StatusCode == status, $"{method} {path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            return status == HttpStatusCode.NoContent ? default : await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    [Fact]
    public async Task Answers_WithoutStorage_AreAsTheDocumentSays()
    {
        await using var rig = await NightRig.StartAsync();
        var (api, client) = await DescribedApi.OfAsync(rig.Host.BaseAddress);
        using var http = client;
        rig.Proxy.Before = static _ => Task.FromResult<int?>(503);

        // Those for somebody who waits, which give up in seconds; the others are patient.
        string[] soon = ["findCustomersByQuery", "getCustomer", "findCustomers", "batchGetCustomers", "eraseCustomer", "startRun", "getAudit", "getHealth"];
        foreach (var operation in api.Operations.Where(operation => soon.Contains(operation.Id)))
        {
            using var request = operation.Example();
            using var answer = await http.SendAsync(request);
            Assert.Equal((operation.Id, HttpStatusCode.ServiceUnavailable), (operation.Id, answer.StatusCode));
        }

        Assert.Subset(api.Seen.ToHashSet(), soon.Select(static id => (id, 503)).ToHashSet());
        using var itself = await http.GetAsync(DescribedApi.Path);
        Assert.Equal(HttpStatusCode.OK, itself.StatusCode);
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(NightRig rig)
    {
        var file = (await rig.Blobs.GetBlobContainerClient(Storage.Names.Extracts).GetBlobClient($"{Storage.Names.Folder(NightRig.Tonight)}customers.csv").DownloadContentAsync()).Value.Content.ToString();
        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("customer_id,", lines[0], StringComparison.Ordinal);
        return [.. lines.Skip(1).Select(static line => line.Split(',')[0]).Distinct()];
    }
}
