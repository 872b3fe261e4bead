using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Api;

/// <summary>Lookups by phone number and e-mail address, and of several customers at once.</summary>
public sealed class CallerApiTests
{
    [Fact]
    public async Task Find_ByIdPhoneOrEmail_AnswersEverybodyWhoIsMeantWorthMostFirst()
    {
        await using var rig = await StartAsync();

        foreach (var phone in (string[])["+49 30 23125001", "0049 (30) 23125-001", "+493023125001", "\u202a+49 30 23125001\u202c"])
        {
            var shared = await PostAsync(rig, "find", new { phone });
            Assert.Equal("phone", shared.GetProperty("by").GetString());
            Assert.Equal("r00001", shared.GetProperty("run").GetProperty("id").GetString());
            Assert.Equal(await ByWorthAsync(rig, "C1", "C2", "C3"), Keys(shared));
        }

        Assert.Equal([Key("C4")], Keys(await PostAsync(rig, "find", new { email = "Somebody <CUSTOMER4@example.com>" })));
        Assert.Equal([Key("C4")], Keys(await PostAsync(rig, "find", new { id = " C4 " })));
        Assert.Equal(await ByWorthAsync(rig, "C1", "C2", "C3"), Keys(await GetAsync(rig, "?phone=%2B49%2030%2023125001")));
        // A plus that nobody has escaped arrives as a blank.
        Assert.Equal(await ByWorthAsync(rig, "C1", "C2", "C3"), Keys(await GetAsync(rig, "?phone=+493023125001")));
        Assert.Equal([Key("C4")], Keys(await GetAsync(rig, "?email=customer4@example.com")));
        Assert.Equal([Key("P1")], Keys(await PostAsync(rig, "find", new { phone = "+49 30 23125099" })));
    }

    [Fact]
    public async Task Find_WhateverWasTyped_IsTakenForAnIdFirst()
    {
        await using var rig = await StartAsync();

        foreach (var (query, by, customer) in ((string, string, string)[])
            [
                ("C4", "id", "C4"),
                ("+49 171 3920004", "phone", "C4"),
                ("customer4@example.com", "email", "C4"),
                // An id that looks like an address, and one that is somebody else's number.
                ("shop@example.com", "id", "shop@example.com"),
                ("+49 171 3920005", "id", "+49 171 3920005"),
            ])
        {
            var found = await PostAsync(rig, "find", new { query });

            Assert.Equal(by, found.GetProperty("by").GetString());
            Assert.Equal([Key(customer)], Keys(found));
        }
    }

    [Fact]
    public async Task Find_NobodyOrNothingThatCanBeMeant_IsAProblemThatDoesNotRepeatIt()
    {
        await using var rig = await StartAsync();

        foreach (var nobody in (object[])[new { phone = "+49 30 23125777" }, new { email = "nobody777@example.com" }, new { id = "N777" }, new { query = "+4930 23125777" }, new { query = "777@example.com" }])
        {
            var problem = await ProblemAsync(rig, nobody, HttpStatusCode.NotFound);
            Assert.Contains("r00001", problem, StringComparison.Ordinal);
            Assert.DoesNotContain("777", problem, StringComparison.Ordinal);
        }

        var odd = new string('7', 5000);
        foreach (var unusable in (object[])
            [
                new { phone = "call 777" }, new { phone = "" }, new { phone = odd }, new { phone = "030 23125777" }, new { phone = "+49 30 23125777' or RowKey ge '" + odd },
                new { email = "777" }, new { email = "777@@example.com" }, new { id = "" }, new { id = odd }, new { query = odd }, new { query = "" },
                new { }, new { phone = "+49 30 23125777", id = "C777" }, new { phone = new[] { 777 } },
            ])
        {
            Assert.DoesNotContain("777", await ProblemAsync(rig, unusable, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        }

        foreach (var address in (string[])["?phone=777&email=777", "?phone=", "?email=777", "?phone=+49%2030&phone=777"])
        {
            using var answer = await rig.Api.GetAsync($"api/customers{address}");
            Assert.DoesNotContain("777", await ProblemAsync(answer, HttpStatusCode.BadRequest, address), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Find_ANumberOfVeryManyPeople_TellsSoAndNoMoreThanItsMost()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Files(string.Concat(Enumerable.Range(1, 120).Select(static i => $"C{i},+49 30 23125000,\n"))));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);

        var found = await PostAsync(rig, "find", new { phone = "+49 30 23125000" });

        Assert.Equal(50, Keys(found).Distinct().Count());
        Assert.True(found.GetProperty("more").GetBoolean());
    }

    [Fact]
    public async Task BatchGet_UpToAHundredIds_AnswersInTheirOrderAndNamesTheUnknown()
    {
        await using var rig = await StartAsync();
        string[] ids = [.. Enumerable.Range(1, 98).Select(static i => i % 10 == 0 ? $"N{i}" : $"C{i}"), "C1", " C2 "];

        var answer = await PostAsync(rig, "batchGet", new { ids });

        Assert.Equal(Enumerable.Range(0, 98).Where(static i => (i + 1) % 10 == 0), answer.GetProperty("unknown").EnumerateArray().Select(static i => i.GetInt32()));
        Assert.Equal(ids.Where(static id => id[0] != 'N').Select(static id => Key(id.Trim())), Keys(answer));
        foreach (var wrong in (object[])[new { }, new { ids = Array.Empty<string>() }, new { ids = Enumerable.Repeat("C1", 101) }, new { ids = new[] { "C1", "" } }, new { ids = new[] { "C1", null } }])
        {
            using var refused = await rig.Api.PostAsJsonAsync("api/customers:batchGet", wrong);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Lookups_StorageDownOrNothingPublished_SaySo()
    {
        await using var rig = await NightRig.StartAsync();
        await AllAsync(HttpStatusCode.NotFound);
        await rig.DeliverAsync(NightRig.Tonight, Files("C1,+49 30 23125001,\n"));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        await AllAsync(HttpStatusCode.OK);

        rig.Proxy.Before = static _ => Task.FromResult<int?>(503);

        await AllAsync(HttpStatusCode.ServiceUnavailable);

        async Task AllAsync(HttpStatusCode status)
        {
            using var found = await rig.Api.PostAsJsonAsync("api/customers:find", new { phone = "+49 30 23125001" });
            using var batch = await rig.Api.PostAsJsonAsync("api/customers:batchGet", new { ids = new[] { "C1", "C2" } });
            Assert.Equal((status, status), (found.StatusCode, batch.StatusCode));
        }
    }

    private static async Task<NightRig> StartAsync()
    {
        var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Files(
            "C1,+49 30 23125001,\nC2,+49 30 23125001; +49 40 66969002,\nC3,+49 30 23125001,customer3@example.com\nC4,+49 171 3920004,customer4@example.com\n"
            + "P1,+49 30 23125099,\nshop@example.com,,\n+49 171 3920005,,\nC5,+49 171 3920005,shop@example.com\n"));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        return rig;
    }

    private static Dictionary<string, string> Files(string customers) => new()
    {
        ["transactions.csv"] = Customers.Transactions(200),
        ["customers.csv"] = "customer_id,phone,email\n" + customers,
    };

    private static string Key(string id) => CustomerKey.Of(System.Text.Encoding.UTF8.GetBytes(id), System.Text.Encoding.UTF8.GetBytes(NightRig.HashKey)).ToString();

    private static IEnumerable<string> Keys(JsonElement answer) => answer.GetProperty("customers").EnumerateArray().Select(static customer => customer.GetProperty("key").GetString()!);

    private static async Task<IEnumerable<string>> ByWorthAsync(NightRig rig, params string[] ids)
    {
        var worth = new List<(decimal Worth, string Key)>();
        foreach (var id in ids)
        {
            var customer = (await GetAsync(rig, $"/{id}")).GetProperty("customer");
            worth.Add((customer.GetProperty("value").GetProperty("lifetime").GetDecimal(), customer.GetProperty("key").GetString()!));
        }

        Assert.Equal(ids.Length, worth.Select(static of => of.Worth).Distinct().Count());
        return worth.OrderByDescending(static of => of.Worth).Select(static of => of.Key);
    }

    private static async Task<JsonElement> GetAsync(NightRig rig, string address) => await rig.Api.GetFromJsonAsync<JsonElement>($"api/customers{address}");

    private static async Task<JsonElement> PostAsync(NightRig rig, string verb, object body)
    {
        using var answer = await rig.Api.PostAsJsonAsync($"api/customers:{verb}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<string> ProblemAsync(NightRig rig, object body, HttpStatusCode status)
    {
        using var answer = await rig.Api.PostAsJsonAsync("api/customers:find", body);
        return await ProblemAsync(answer, status, JsonSerializer.Serialize(body));
    }

    private static async Task<string> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string asked)
    {
        var problem = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{asked}: {(int)answer.StatusCode} {problem}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        // The run of an answer and the number of a trace have figures of their own.
        using var parsed = JsonDocument.Parse(problem);
        return string.Join(' ', parsed.RootElement.EnumerateObject().Where(static part => part.Name is not ("run" or "traceId")));
    }
}
