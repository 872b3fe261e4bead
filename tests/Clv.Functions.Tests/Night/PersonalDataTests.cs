using System.Net.Http.Json;
using System.Text;
using Azure.Data.Tables;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>
/// Customers' ids, contracts' ids, phones and addresses stay in the blobs that need them: not in tables, queues, reports, models, events or logs; phones
/// and addresses not even in the history. In the exported scores stands the id alone, in its column.
/// </summary>
public sealed class PersonalDataTests
{
    private const string Marker = "MARKER";
    private const string Number = "3023125";

    [Fact]
    public async Task Nights_WithMarkedPersons_LeaveNoMarkWhereNonePersonalBelongs()
    {
        var log = new LogBook();
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate, log: log);
        var later = NightRig.Tonight.AddDays(1);
        await rig.DeliverAsync(NightRig.Tonight, Extract(NightRig.Tonight));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        await rig.DeliverAsync(later, Extract(later));
        var report = await rig.RunAsync(later);
        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.True(report.Events > 0);
        Assert.True((await rig.Api.GetAsync($"api/customers/{Marker}-C1")).IsSuccessStatusCode);
        Assert.True((await rig.Api.GetAsync($"api/explanations/{Marker}-C1")).IsSuccessStatusCode);
        Assert.True((await rig.Api.GetAsync($"api/customers/{Marker}-C1/record")).IsSuccessStatusCode);
        Assert.True((await rig.Api.PostAsJsonAsync("api/customers:find", new { phone = $"+49 {Number} 002" })).IsSuccessStatusCode);
        Assert.True((await rig.Api.PostAsJsonAsync("api/customers:find", new { email = $"{Marker}3@example.com" })).IsSuccessStatusCode);
        Assert.False((await rig.Api.PostAsJsonAsync("api/customers:find", new { email = $"{Marker}@@example.com" })).IsSuccessStatusCode);
        Assert.False((await rig.Api.GetAsync($"api/customers/{Marker}-nobody")).IsSuccessStatusCode);
        Assert.True((await rig.Api.DeleteAsync($"api/customers/{Marker}-C4")).IsSuccessStatusCode);

        await foreach (var table in rig.Tables.QueryAsync())
        {
            await foreach (var row in rig.Tables.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                AssertNobody(string.Join(' ', row.Select(static cell => $"{cell.Key} {cell.Value}")));
            }
        }

        foreach (var container in (string[])[Names.Models, Names.Reports, Names.Exports])
        {
            foreach (var name in (await NightTests.BlobsAsync(rig, container)).Where(static name => !name.EndsWith(".csv.gz", StringComparison.Ordinal)))
            {
                var content = (await rig.Blobs.GetBlobContainerClient(container).GetBlobClient(name).DownloadContentAsync()).Value.Content;
                AssertNobody($"{name} {Encoding.UTF8.GetString(content)}");
            }
        }

        var exported = (await ExportedScores.ReadAsync(rig, report.Run))!.Rows;
        Assert.Equal(599, exported.Count);
        foreach (var row in exported)
        {
            Assert.Matches($"^{Marker}-[CP][0-9]+$", row["customer_id"]);
            AssertNobody(string.Join(' ', row.Where(static cell => cell.Key != "customer_id").Select(static cell => cell.Value)));
        }

        var history = rig.Blobs.GetBlobContainerClient(Names.History);
        foreach (var name in await NightTests.BlobsAsync(rig, Names.History))
        {
            var content = Encoding.UTF8.GetString((await history.GetBlobClient(name).DownloadContentAsync()).Value.Content);
            Assert.DoesNotContain(Number, content, StringComparison.Ordinal);
            Assert.DoesNotContain("@example.com", content, StringComparison.OrdinalIgnoreCase);
        }

        var told = await rig.ToldAsync();
        Assert.NotEmpty(told);
        Assert.All(told, static message => AssertNobody(NightJson.Write(message)));
        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines, static line => AssertNobody(line.Text));
        await rig.UntilQuietAsync();
    }

    private static void AssertNobody(string text)
    {
        Assert.DoesNotContain(Marker, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Number, text, StringComparison.Ordinal);
    }

    // On the second day another fifty have bought, and every third contract is cancelled.
    private static Dictionary<string, string> Extract(DateOnly date)
    {
        var transactions = new StringBuilder(Customers.Transactions(300, id: static i => $"{Marker}-C{i}"));
        var customers = new StringBuilder("customer_id,segment,phone,email,status\n");
        var contracts = new StringBuilder("customer_id,contract_id,started_on,term_months,fee_per_term,cancelled_on,product\n");
        var interactions = new StringBuilder("customer_id,occurred_at,kind,cost\n");
        for (var i = 1; i <= 300; i++)
        {
            customers.Append($"{Marker}-C{i},gold,+49{Number}{i:D3},{Marker}{i}@example.com,customer\n{Marker}-P{i},gold,{Marker},{Marker},prospect\n");
            contracts.Append($"{Marker}-C{i},{Marker}-K{i},2025-0{1 + (i % 9)}-15,12,100,{(i % 3 == 0 && date > NightRig.Tonight ? $"{date:yyyy-MM-dd}" : "")},Maintenance\n");
            interactions.Append($"{Marker}-C{i},2026-10-01,service_call,5\n");
            if (i <= 50 && date > NightRig.Tonight)
            {
                transactions.Append($"{Marker}-C{i},{date:yyyy-MM-dd},70\n");
            }
        }

        return new Dictionary<string, string>
        {
            ["transactions.csv"] = transactions.ToString(),
            ["customers.csv"] = customers.ToString(),
            ["contracts.csv"] = contracts.ToString(),
            ["interactions.csv"] = interactions.ToString(),
        };
    }
}
