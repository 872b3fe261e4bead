using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Clv.Core.Estimation;
using Clv.Core.Tests;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>The models of a night: what is chosen, stored and served, and what another version of the program left behind.</summary>
public class ModelNightTests
{
    // Calibration through 1997-09-30 as in the literature; what is chosen on that day forecasts the next 39 weeks within 11 % (ForecastAccuracyTests).
    [Fact]
    public async Task Night_CdnowOnTheLastDayOfCalibration_ChoosesAsOnAFile()
    {
        var date = new DateOnly(1997, 9, 30);
        // The night sets rows after its date aside.
        var transactions = await File.ReadAllTextAsync(SharedData.File("cdnow_sample_tx.csv"), TestContext.Current.CancellationToken);
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        await rig.DeliverAsync(date, new Dictionary<string, string> { ["transactions.csv"] = transactions });
        var report = await rig.RunAsync(date);

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal("novelty-bg-nbd", report.Model!.Transactions.Kind);
        Assert.Equal(12, report.Model.BacktestWeeks);
        Assert.Equal("gamma-gamma", report.Model.Spend!.Kind);

        var models = await rig.Api.GetFromJsonAsync<ModelFile>($"api/runs/{report.Run}/models", NightJson.Options);
        Assert.Equal(36, models!.Transactions.LogCovariance.Count);
        Assert.All(models.Backtest, static score => Assert.NotEmpty(score.Deciles));
        Assert.Contains(models.Backtest, static score => score.Forecast == Clv.Core.Models.TransactionModels.All[0].Id);
        Assert.Empty(report.Model.Transactions.LogCovariance);
        Assert.InRange(models.Backtest.Single(static s => s.IntervalCoverage is not null).IntervalCoverage!.Value, 0.8, 0.95);

        var answer = await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/0003");
        var customer = answer.GetProperty("customer");
        Assert.True(customer.GetProperty("value").GetProperty("low").GetDecimal() <= customer.GetProperty("value").GetProperty("high").GetDecimal());
        Assert.InRange(customer.GetProperty("purchases").GetProperty("noPurchase").GetDouble(), 0, 1);
        Assert.True(customer.GetProperty("purchases").GetProperty("whole").GetInt32() >= 0);
        Assert.Equal("BG/NBD with novelty", answer.GetProperty("run").GetProperty("model").GetProperty("name").GetString());

        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/runs/r99999/models")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.Api.GetAsync("api/runs/x/models")).StatusCode);
    }

    [Fact]
    public async Task Night_ModelsOfAnEarlierVersion_AreServedWithoutAndReplaced()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        var first = await rig.RunAsync(NightRig.Tonight);
        Assert.True(first.State == RunState.Published, first.Reason);

        // As the first version wrote them.
        const string earlier = """
            {"name":"BG/NBD with Gamma-Gamma","fittedIn":"r00001","transactions":{"name":"BG/NBD","parameters":{"r":0.8,"alpha":5,"a":0.9,"b":6},
            "standardErrors":{},"logLikelihood":-1,"customers":300,"gradientNorm":0},"spend":{"name":"Gamma-Gamma","parameters":{"p":2,"q":4,"v":50},
            "standardErrors":{},"logLikelihood":-1,"customers":300,"gradientNorm":0}}
            """;
        await rig.Blobs.GetBlobContainerClient(Names.Models).GetBlobClient(Names.Model(first.Run)).UploadAsync(BinaryData.FromString(earlier), overwrite: true);
        await rig.Tables.GetTableClient(Names.Runs).UpdateEntityAsync(
            new TableEntity(first.Run, RunUnits.UnitRow(Phase.Fit, 0)) { ["Result"] = earlier }, ETag.All, TableUpdateMode.Merge);

        var answer = await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/C5");
        Assert.Equal(first.Run, answer.GetProperty("run").GetProperty("id").GetString());
        Assert.False(answer.GetProperty("run").TryGetProperty("model", out _));
        var report = await rig.Api.GetFromJsonAsync<JsonElement>($"api/runs/{first.Run}");
        Assert.False(report.TryGetProperty("model", out _));

        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Customers.Extract(300));
        var second = await rig.RunAsync(NightRig.Tonight.AddDays(1));
        Assert.True(second.State == RunState.Published, second.Reason);
        Assert.NotNull(second.Model);
        answer = await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/C5");
        Assert.Equal(second.Run, answer.GetProperty("run").GetProperty("model").GetProperty("fittedIn").GetString());
    }
}
