using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Functions.Lookup;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>Nights with everything that an extract set may have: worth, standing, changes and the portfolio.</summary>
public sealed class WorthNightTests
{
    private static readonly SmallWorld World = new(customers: 250);

    [Fact]
    public async Task Nights_AWeekApart_SumsOverCardsAreThePortfolioToTheCentAndTheMovementAddsUp()
    {
        await using var rig = await NightRig.StartAsync(workers: 2);
        var first = await RunAsync(rig, SmallWorld.Before, World.Extract(SmallWorld.Before));
        var opening = (await PortfolioAsync(rig)).Portfolio;
        Assert.Null(opening.Movement);

        var second = await RunAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));
        var served = await PortfolioAsync(rig);
        var (portfolio, cards) = (served.Portfolio, await CardsAsync(rig, second.Run));

        Assert.Equal((second.Run, "EUR"), (served.Run, served.Currency));
        Assert.Equal(second.Scored, cards.Count);
        Assert.Equal(second.Prospects, cards.Count(static card => card.Phase == RelationshipPhase.Prospect));
        var customers = cards.Where(IsCustomer).ToList();
        Assert.Equal(portfolio.Total.Customers, customers.Count);
        Assert.Equal(cards.Count, portfolio.Total.Customers + portfolio.Total.Prospects + portfolio.Total.Others);
        Assert.Equal(second.LifetimeValue, portfolio.Total.Lifetime);
        Assert.Equal(portfolio.Total.Historic, customers.Sum(static card => card.Value!.Historic));
        Assert.Equal(portfolio.Total.Future, customers.Sum(static card => card.Value!.Future));
        Assert.Equal(portfolio.Total.Lifetime, customers.Sum(static card => card.Value!.Lifetime));
        Assert.Equal(portfolio.Total.Costs.Total, customers.Sum(static card => card.Costs!.Total));
        Assert.Equal(portfolio.Total.ProspectsExpected, cards.Sum(static card => card.Prospect?.Expected ?? 0));
        Check(portfolio.Phases, card => Codes.Of(card.Phase));
        Check(portfolio.Tiers, card => card.Tier is { } tier ? Codes.Of(tier) : "");
        Check(portfolio.Segments, card => card.Segment ?? "");
        foreach (var groups in (IReadOnlyList<PortfolioGroup>[])[portfolio.Channels, portfolio.Cohorts])
        {
            Assert.Equal(portfolio.Total.Lifetime, groups.Sum(static group => group.Totals.Lifetime));
        }

        var movement = portfolio.Movement!;
        Assert.Equal((opening.Total.Future, portfolio.Total.Future), (movement.Future.Opening, movement.Future.Closing));
        Assert.Equal((opening.Total.Lifetime, portfolio.Total.Lifetime), (movement.Lifetime.Opening, movement.Lifetime.Closing));
        foreach (var part in (ValueMovement[])[movement.Future, movement.Lifetime])
        {
            Assert.Equal(part.Closing, part.Opening + part.New + part.Lost + part.Grown + part.Shrunk + part.Historic + part.Model);
        }

        // Everybody who was there a week ago is told what has changed, and the parts are the whole.
        var before = (await CardsAsync(rig, first.Run, keyed: true)).ToDictionary(static card => card.Key!, static card => card.Card);
        foreach (var (key, card) in (await CardsAsync(rig, second.Run, keyed: true)).Where(static card => card.Card.Value is not null))
        {
            if (before.GetValueOrDefault(key!) is { Value: { } then })
            {
                Assert.Equal(card.Value!.Lifetime - then.Lifetime, card.Change!.Total);
            }
        }

        // Only customers have a tier; who declined has a card with what was spent on them.
        static bool IsCustomer(CustomerCard card) => card.Tier is not null;

        void Check(IReadOnlyList<PortfolioGroup> groups, Func<CustomerCard, string> name)
        {
            foreach (var group in groups)
            {
                var members = cards.Where(card => name(card) == group.Name).ToList();
                Assert.Equal(group.Totals.Customers, members.Count(IsCustomer));
                Assert.Equal(group.Totals.Lifetime, members.Where(IsCustomer).Sum(static card => card.Value!.Lifetime));
                Assert.Equal(group.Totals.ProspectsExpected, members.Sum(static card => card.Prospect?.Expected ?? 0));
            }
        }
    }

    [Fact]
    public async Task Nights_AWeekApart_TellEachEventOnceInTheFileAndOnTheQueue()
    {
        await using var rig = await NightRig.StartAsync();
        var first = await RunAsync(rig, SmallWorld.Before, World.Extract(SmallWorld.Before));
        // Nobody can have changed before the first night; renewals are due all the same.
        Assert.All(await rig.EventsAsync(first.Run), static row => Assert.Contains(",renewalDue,", row, StringComparison.Ordinal));

        var second = await RunAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));

        var rows = await rig.EventsAsync(second.Run);
        Assert.Equal(second.Events, rows.Count);
        Assert.Contains(rows, static row => row.Contains(",phaseChanged,", StringComparison.Ordinal));
        var told = (await rig.ToldAsync()).Where(message => message.Run == second.Run).ToList();
        // A message that is delivered twice may tell an event twice, in the same words.
        Assert.Equal(rows.Count, told.Select(static message => NightJson.Write(message)).Distinct().Count());
        var ids = told.Select(static message => message.Id).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(rows.Select(static row => row.Split(',')[0]).Order(StringComparer.Ordinal), ids);

        // The same night once more says the same: it is compared with the same earlier night.
        var again = await RunAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));
        Assert.Equal(await rig.ScoresAsync(second.Run), await rig.ScoresAsync(again.Run));
        Assert.Equal(rows, await rig.EventsAsync(again.Run));
        Assert.Equal(ids, (await rig.ToldAsync()).Select(static message => message.Id).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Night_DeltaOfEverything_EqualsTheSnapshot()
    {
        await using var one = await NightRig.StartAsync();
        await RunAsync(one, SmallWorld.Before, World.Extract(SmallWorld.Before));
        var whole = await RunAsync(one, NightRig.Tonight, World.Extract(NightRig.Tonight));

        await using var other = await NightRig.StartAsync();
        await RunAsync(other, SmallWorld.Before, World.Extract(SmallWorld.Before));
        var delta = World.Extract(NightRig.Tonight, since: SmallWorld.Before);
        // A delta brings no rates: those of the night before are carried on, and the days since have none of their own.
        var added = await RunAsync(other, NightRig.Tonight, delta, kind: "delta");

        Assert.True(added.Files.Sum(static file => file.Read) < whole.Files.Sum(static file => file.Read) / 5);
        Assert.Equal((whole.Customers, whole.Contracts, whole.Interactions), (added.Customers, added.Contracts, added.Interactions));
        Assert.Equal(await one.ScoresAsync(whole.Run), await other.ScoresAsync(added.Run));
    }

    [Fact]
    public async Task Delta_WithoutRates_ConvertsAtThoseCarriedOn()
    {
        await using var rig = await NightRig.StartAsync();
        var extract = new Dictionary<string, string>(Customers.Extract(300))
        {
            ["mapping.json"] = """{ "reportingCurrency": "EUR" }""",
            ["rates.csv"] = "currency,date,rate\nUSD,2026-01-01,0.5\nUSD,2026-02-01,0.9\nUSD,2026-01-01,0.8\n,2026-01-01,1\n",
        };
        var first = await RunAsync(rig, NightRig.Tonight, extract);
        var rates = first.Files.Single(static file => file.File == "rates.csv");
        Assert.Equal((4, 2, 1, 1), ((int)rates.Read, (int)rates.Used, (int)rates.Replaced, (int)rates.Quarantined));

        var second = await RunAsync(rig, NightRig.Tonight.AddDays(1), new Dictionary<string, string>
        {
            ["mapping.json"] = """{ "reportingCurrency": "EUR" }""",
            ["transactions.csv"] = "transaction_id,customer_id,occurred_at,amount,currency\nT1,abroad,2026-01-15,100,USD\nT2,abroad,2026-11-21,100,usd\nT3,abroad,2026-11-21,100,XTS\n",
        }, kind: "delta");

        Assert.Equal(1, second.Files[0].Reasons["NoRate"]);
        var customer = (await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/abroad")).GetProperty("customer");
        Assert.Equal(170m, customer.GetProperty("value").GetProperty("revenue").GetDecimal());
    }

    [Fact]
    public async Task Night_TransactionsAlone_SaysWhatIsOffForWantOfAnythingElse()
    {
        await using var other = await NightRig.StartAsync();
        var alone = await RunAsync(other, NightRig.Tonight, Customers.Extract(300));
        await using var rig = await NightRig.StartAsync();
        var everything = await RunAsync(rig, NightRig.Tonight.AddDays(1), World.Extract(NightRig.Tonight.AddDays(1)));

        Assert.Equal(4, alone.Off.Count);
        foreach (var part in (string[])["margin", "contracts", "interactions", "Behaviour"])
        {
            Assert.Contains(alone.Off, off => off.Contains(part, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(everything.Off, static off => !off.StartsWith("Behaviour", StringComparison.Ordinal));
        var notes = (await PortfolioAsync(rig)).Portfolio.Notes;
        Assert.DoesNotContain(PortfolioNote.MarginsUnknown, notes);
    }

    [Fact]
    public async Task Announce_QueueThatRefusesEverything_LeavesTheNightPublishedAndSaysSo()
    {
        await using var rig = await NightRig.StartAsync(appFolder: ImpatientHost.Folder);
        await RunAsync(rig, SmallWorld.Before, World.Extract(SmallWorld.Before));
        rig.Proxy.Before = static request => Task.FromResult<int?>(request.Has("POST", "/clv-events/messages") ? 403 : null);

        var report = await RunAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));

        Assert.True(report.Published);
        Assert.Contains(report.Problems, static problem => problem.StartsWith("announce ", StringComparison.Ordinal) && problem.Contains("403", StringComparison.Ordinal));
        Assert.True(report.PartitionsUntold > 0);
        Assert.Equal(report.Events, (await rig.EventsAsync(report.Run)).Count);
    }

    [Fact]
    public async Task Night_CutShortAfterAnUpgrade_IsMeasuredByTheEarlierVersionsBooks()
    {
        await using var rig = await NightRig.StartAsync();
        var first = await RunAsync(rig, NightRig.Tonight, Customers.Extract(300));
        var reports = rig.Blobs.GetBlobContainerClient(Names.Reports);
        await reports.DeleteBlobAsync(Names.Books(first.Run));
        await reports.GetBlobClient(Names.Portfolio(first.Run)).UploadAsync(
            BinaryData.FromString("""{"files":[],"customers":300,"scored":300,"withoutPurchase":0,"historyRows":900,"futureValue":1.5}"""), overwrite: true);

        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Customers.Extract(100));
        var cut = await rig.RunAsync(NightRig.Tonight.AddDays(1));

        Assert.Equal(RunState.Held, cut.State);
        Assert.Contains("has 100 customers", cut.Reason, StringComparison.Ordinal);
        Assert.Contains("was the delivery cut short?", cut.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Announce_NextNightStartedMeanwhile_StillTellsEveryEvent()
    {
        await using var rig = await NightRig.StartAsync(workers: 2);
        await RunAsync(rig, SmallWorld.Before, World.Extract(SmallWorld.Before));
        await rig.ToldAsync();
        // The queue of events does not answer until the next night has been planned.
        var planned = new TaskCompletionSource();
        rig.Proxy.Before = async request =>
        {
            if (request.Has("POST", "/clv-events/messages") && !planned.Task.IsCompleted)
            {
                await planned.Task;
                return 503;
            }

            return null;
        };
        await rig.DeliverAsync(NightRig.Tonight, World.Extract(NightRig.Tonight));
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), World.Extract(NightRig.Tonight.AddDays(1)));
        using var started = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        await rig.UntilAsync("r00002", static report => report.Published);
        using var next = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight.AddDays(1) });
        await rig.UntilAsync("r00003", static report => report.Phases.Count > 0 && report.Phases[0].Done == 1);
        planned.SetResult();

        var told = await rig.EndOfAsync("r00002");
        Assert.True((await rig.EndOfAsync("r00003")).Published);

        Assert.Equal((0, true), (told.PartitionsUntold, told.Events > 0));
        Assert.Equal(told.Events, (await rig.ToldAsync()).Where(static message => message.Run == "r00002").Select(static message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task Night_ContractsAlone_ValuesRenewalsAndTakesDeltasOfThem()
    {
        const string Header = "customer_id,contract_id,started_on,term_months,fee_per_term,cancelled_on,product\n";
        await using var rig = await NightRig.StartAsync();
        var contracts = Header + string.Concat(Enumerable.Range(1, 300).Select(static i =>
            $"C{i},K{i},{2020 + (i % 5)}-0{1 + (i % 9)}-01,12,120,{(i % 3 == 0 ? $"{2021 + (i % 5)}-0{1 + (i % 9)}-01" : "")},Maintenance\n"));
        var first = await RunAsync(rig, NightRig.Tonight, new Dictionary<string, string> { ["contracts.csv"] = contracts });
        Assert.Equal((300, 300), ((int)first.Customers, (int)first.Contracts));

        var second = await RunAsync(
            rig, NightRig.Tonight.AddDays(1), new Dictionary<string, string> { ["contracts.csv"] = Header + "C1,K1,2021-02-01,12,120,2026-11-21,Maintenance\n" }, kind: "delta");

        Assert.Equal(300, second.Contracts);
        var customer = (await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/C1")).GetProperty("customer");
        Assert.Equal("leaving", Text(customer.GetProperty("phase"), "code"));
        Assert.Equal(720m, customer.GetProperty("value").GetProperty("revenue").GetDecimal());
        Assert.Equal(0m, customer.GetProperty("value").GetProperty("futureContracts").GetDecimal());
        Assert.True((await PortfolioAsync(rig)).Portfolio.Total.FutureContracts > 0);
    }

    [Fact]
    public async Task Night_AnotherReportingCurrency_IsRefusedAsADeltaAndComparedWithNothingAsASnapshot()
    {
        await using var rig = await NightRig.StartAsync();
        await RunAsync(rig, NightRig.Tonight, In("EUR", Customers.Extract(300)));

        await rig.DeliverAsync(
            NightRig.Tonight.AddDays(1), In("USD", new Dictionary<string, string> { ["transactions.csv"] = "transaction_id,customer_id,occurred_at,amount\nT1,C1,2026-11-21,5\n" }), kind: "delta");
        var delta = await rig.RunAsync(NightRig.Tonight.AddDays(1));
        Assert.Equal(RunState.Failed, delta.State);
        Assert.Contains("delta in USD, but the published history is in EUR", delta.Reason, StringComparison.Ordinal);

        var snapshot = await RunAsync(rig, NightRig.Tonight.AddDays(2), In("USD", Customers.Extract(300)));
        Assert.Null(snapshot.Settings!.ComparedRun);

        static Dictionary<string, string> In(string currency, IReadOnlyDictionary<string, string> files) =>
            new(files) { ["mapping.json"] = $$"""{ "reportingCurrency": "{{currency}}" }""" };
    }

    [Fact]
    public async Task Night_PartitionsChangedBySnapshot_StillKnowsWhereEverybodyStood()
    {
        await using var rig = await NightRig.StartAsync();
        await RunAsync(rig, SmallWorld.Before, World.Extract(SmallWorld.Before));
        var same = await RunAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));

        await rig.RestartAsync(partitions: 7);
        var changed = await RunAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));

        Assert.Equal(7, changed.Settings!.Partitions);
        Assert.Equal(Sorted(await CardsAsync(rig, same.Run, keyed: true)), Sorted(await CardsAsync(rig, changed.Run, keyed: true)));
        Assert.Equal((await rig.EventsAsync(same.Run)).Order(StringComparer.Ordinal), (await rig.EventsAsync(changed.Run)).Order(StringComparer.Ordinal));

        static IEnumerable<string> Sorted(IEnumerable<(string? Key, CustomerCard Card)> cards) =>
            cards.Select(static card => $"{card.Key} {NightJson.Write(card.Card)}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Lookup_LanguageOfTheAsker_WordsPhaseActionAndReasons()
    {
        await using var rig = await NightRig.StartAsync();
        await RunAsync(rig, NightRig.Tonight, new Dictionary<string, string>(World.Extract(NightRig.Tonight)) { ["profile.json"] = """{ "language": "de" }""" });
        var id = await FirstAsync(rig, static customer => customer.TryGetProperty("action", out _));

        var german = await AskAsync(rig, id, "de-AT,de;q=0.9,en;q=0.5");
        var english = await AskAsync(rig, id, "fr, en-GB;q=0.8, de;q=0.2");
        // Nobody asked: the profile's own language.
        var unasked = await AskAsync(rig, id, null);

        Assert.Equal(("de", "en", "de"), (Text(german, "language"), Text(english, "language"), Text(unasked, "language")));
        Assert.Equal(Text(german.GetProperty("phase"), "code"), Text(english.GetProperty("phase"), "code"));
        Assert.NotEqual(Text(german.GetProperty("phase"), "label"), Text(english.GetProperty("phase"), "label"));
        Assert.NotEqual(Text(german.GetProperty("action"), "sentence"), Text(english.GetProperty("action"), "sentence"));
        Assert.InRange(english.GetProperty("action").GetProperty("reasons").GetArrayLength(), 1, 3);
    }

    [Fact]
    public async Task Explanation_OfAPublishedCustomer_EndsWithTheFiguresOfTheLookup()
    {
        await using var rig = await NightRig.StartAsync();
        await RunAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));
        var explained = 0;
        for (var id = 1; id <= 60; id++)
        {
            using var answer = await rig.Api.GetAsync($"api/customers?id={id}");
            if (!answer.IsSuccessStatusCode)
            {
                continue;
            }

            var customer = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("customer");
            var explanation = await rig.Api.GetFromJsonAsync<JsonElement>($"api/explanations/{id}");
            if (!customer.TryGetProperty("value", out var value))
            {
                Assert.Equal(customer.GetProperty("prospect").ToString(), explanation.GetProperty("prospect").ToString());
                continue;
            }

            var results = explanation.GetProperty("steps").EnumerateArray().ToDictionary(static step => Text(step, "symbol"), static step => step.GetProperty("result").GetDecimal());
            foreach (var (symbol, name) in (ReadOnlySpan<(string, string)>)[("historic", "historic"), ("future", "future"), ("lifetime", "lifetime"), ("futureServing", "futureServing"), ("contribution", "contribution")])
            {
                Assert.True(value.GetProperty(name).GetDecimal() == results[symbol], $"{id} {name}: {value.GetProperty(name)} looked up, {results[symbol]} explained");
            }

            explained++;
        }

        Assert.True(explained > 20);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/explanations/nobody")).StatusCode);
    }

    [Fact]
    public async Task Scenarios_OfThePublishedRun_AnswerOrNameTheWrongField()
    {
        await using var rig = await NightRig.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/portfolio")).StatusCode);
        await RunAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));

        using var answer = await rig.Api.PostAsJsonAsync("api/scenarios", new { changes = new[] { new { lever = "price", percent = 5 }, new { lever = "retention", percent = 2 } } });
        var scenario = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("scenario");
        var total = (await PortfolioAsync(rig)).Portfolio.Total;
        Assert.Equal(total.Future, scenario.GetProperty("before").GetProperty("value").GetDecimal());
        Assert.Equal(total.ProspectsExpected, scenario.GetProperty("prospectsLifetime").GetProperty("before").GetProperty("value").GetDecimal());
        Assert.True(scenario.GetProperty("difference").GetProperty("value").GetDecimal() > 0);

        foreach (var (body, field) in ((object, string)[])
            [
                (new { changes = new[] { new { lever = "price", percent = 500 } } }, "changes[0].percent"),
                (new { changes = new[] { new { lever = "price", percent = 5, segment = "nobody's" } } }, "changes[0].segment"),
                (new { changes = Array.Empty<object>() }, "changes"),
                (new { changes = new[] { new { lever = "luck", percent = 5 } } }, "lever"),
            ])
        {
            using var refused = await rig.Api.PostAsJsonAsync("api/scenarios", body);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(field, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    private static async Task<RunReport> RunAsync(NightRig rig, DateOnly date, IReadOnlyDictionary<string, string> files, string kind = "snapshot")
    {
        await rig.DeliverAsync(date, files, kind);
        var report = await rig.RunAsync(date);
        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.All(report.Files, static file => Assert.Equal(file.Read, file.Used + file.Replaced + file.Quarantined));
        return report;
    }

    private static async Task<ServedPortfolio> PortfolioAsync(NightRig rig) =>
        (await rig.Api.GetFromJsonAsync<ServedPortfolio>("api/portfolio", NightJson.Options))!;

    private static async Task<List<CustomerCard>> CardsAsync(NightRig rig, string run) => [.. (await CardsAsync(rig, run, keyed: true)).Select(static card => card.Card)];

    private static async Task<List<(string? Key, CustomerCard Card)>> CardsAsync(NightRig rig, string run, bool keyed)
    {
        var cards = new List<(string?, CustomerCard)>();
        await foreach (var row in rig.Tables.GetTableClient(Names.Scores(run)).QueryAsync<TableEntity>())
        {
            cards.Add((keyed ? row.RowKey : null, ScoreTable.Read(row)));
        }

        return cards;
    }

    private static async Task<int> FirstAsync(NightRig rig, Func<JsonElement, bool> which)
    {
        for (var id = 1; id <= 250; id++)
        {
            using var answer = await rig.Api.GetAsync($"api/customers?id={id}");
            if (answer.IsSuccessStatusCode && which((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("customer")))
            {
                return id;
            }
        }

        throw new InvalidOperationException("There is no such customer.");
    }

    private static async Task<JsonElement> AskAsync(NightRig rig, int id, string? language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/customers/{id}");
        if (language is not null)
        {
            request.Headers.Add("Accept-Language", language);
        }

        using var answer = await rig.Api.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("customer");
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
