using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Privacy;

/// <summary>A firm's extracts in which some people can be recognised wherever anything of them is left, and the search for them.</summary>
internal static class MarkedPerson
{
    public const int People = 120;

    /// <summary>The id of a person who can be recognised.</summary>
    public static string Id(int person) => $"MARKED-{person}-X";

    public static CustomerKey Key(string id) => CustomerKey.Of(Encoding.UTF8.GetBytes(id), Encoding.UTF8.GetBytes(NightRig.HashKey));

    /// <summary>An extract set of every kind of file, in which each person has a row of each kind, and 7 and 8 have two besides that cannot be used.</summary>
    public static Dictionary<string, string> Extract(DateOnly date)
    {
        var transactions = new StringBuilder(Customers.Transactions(People, id: Id, until: date));
        var customers = new StringBuilder("customer_id,segment,phone,email,status\n");
        var contracts = new StringBuilder("customer_id,contract_id,started_on,term_months,fee_per_term,cancelled_on,product\n");
        var interactions = new StringBuilder("customer_id,occurred_at,kind,cost\n");
        for (var i = 1; i <= People; i++)
        {
            customers.Append($"{Id(i)},gold,+4930{Id(i)},{Id(i)}@example.com,customer\n");
            contracts.Append($"{Id(i)},K-{Id(i)},2025-0{1 + (i % 9)}-15,12,100,{(i % 2 == 0 && date >= NightRig.Tonight ? $"{date:yyyy-MM-dd}" : "")},Maintenance\n");
            interactions.Append($"{Id(i)},2026-10-01,service_call,5\n{(i is 7 or 8 ? $"{Id(i)},not a day,visit,5\n" : "")}");
        }

        transactions.Append($"\"{Id(7)}\"x,2026-01-01\n\"{Id(8)}\",2026-01-01,much\n");
        return new Dictionary<string, string>
        {
            ["transactions.csv"] = transactions.ToString(),
            ["customers.csv"] = customers.ToString(),
            ["contracts.csv"] = contracts.ToString(),
            ["interactions.csv"] = interactions.ToString(),
        };
    }

    /// <summary>What is new on a day: a purchase of everybody.</summary>
    public static Dictionary<string, string> Delta(DateOnly date)
    {
        var transactions = new StringBuilder("customer_id,occurred_at,amount,transaction_id\n");
        for (var i = 1; i <= People; i++)
        {
            transactions.Append($"{Id(i)},{date:yyyy-MM-dd},50,T{date:MMdd}-{i}\n");
        }

        return new Dictionary<string, string> { ["transactions.csv"] = transactions.ToString() };
    }

    /// <summary>Searches every blob, but those of the CRM, and every table for the person, when the last night has cleaned up.</summary>
    public static async Task AssertGoneAsync(NightRig rig, int person)
    {
        await rig.UntilWorkIsAsync(static _ => false);

        var id = Id(person);
        var key = Key(id);
        var binaryKey = new byte[CustomerKey.Size];
        key.Write(binaryKey);
        foreach (var container in Names.Containers.Where(static name => name != Names.Extracts))
        {
            foreach (var name in await NightTests.BlobsAsync(rig, container))
            {
                var content = (await ExportedScores.ContentAsync(rig, container, name)).ToArray();
                var text = $"{name} {Encoding.UTF8.GetString(content)}";
                Assert.False(text.Contains(id, StringComparison.OrdinalIgnoreCase), $"{container}/{name} still has the id of person {person}.");
                Assert.False(text.Contains($"{key}", StringComparison.OrdinalIgnoreCase), $"{container}/{name} still has the key of person {person}.");
                Assert.False(content.AsSpan().IndexOf(binaryKey) >= 0, $"{container}/{name} still has a record of person {person}.");
            }
        }

        await foreach (var table in rig.Tables.QueryAsync())
        {
            await foreach (var row in rig.Tables.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                var text = string.Join(' ', row.Select(static cell => $"{cell.Key} {cell.Value}"));
                Assert.DoesNotContain(id, text, StringComparison.OrdinalIgnoreCase);
                if (table.Name is not (Names.Erasures or Names.Audit))
                {
                    Assert.DoesNotContain($"{key}", text, StringComparison.OrdinalIgnoreCase);
                }
            }
        }
    }

    /// <summary>The scores of a run without those of some people.</summary>
    public static async Task<string> OthersScoresAsync(NightRig rig, string run, params int[] people)
    {
        var keys = people.Select(static person => $"{Key(Id(person))}").ToList();
        return string.Join('\n', (await rig.ScoresAsync(run)).Split('\n').Where(row => !keys.Exists(key => row.Contains(key, StringComparison.Ordinal))));
    }

    public static async Task<HttpStatusCode> LookUpAsync(NightRig rig, int person) => (await rig.Api.GetAsync($"api/customers/{Id(person)}")).StatusCode;

    public static async Task<ErasureAnswer> EraseAsync(NightRig rig, int person, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await rig.Api.DeleteAsync($"api/customers/{Id(person)}");
        Assert.Equal(expected, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<ErasureAnswer>(NightJson.Options))!;
    }

    /// <summary>Waits until an erasure that was recorded is done.</summary>
    public static async Task<ErasureAnswer> UntilDoneAsync(NightRig rig, int person)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await rig.Api.GetAsync($"api/erasures/{Key(Id(person))}");
            if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<ErasureAnswer>(NightJson.Options) is { State: ErasureState.Done } done)
            {
                return done;
            }

            Assert.True(watch.Elapsed < NightRig.Limit, $"Person {person} was not erased in time.");
            await Task.Delay(50);
        }
    }
}
