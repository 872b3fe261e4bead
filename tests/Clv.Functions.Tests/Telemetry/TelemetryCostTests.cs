using System.Diagnostics;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Telemetry;

/// <summary>What telemetry costs; run by name. By turns without and with a collector, each in processes of its own.</summary>
public sealed class TelemetryCostTests
{
    [Fact(Explicit = true)]
    public async Task NightsAndLookups_WithACollector_TakeHardlyLonger()
    {
        const int Nights = 5;
        const int Lookups = 1_000;
        await using var collector = await Collector.StartAsync();
        await using var off = await NightRig.StartAsync();
        await using var on = await NightRig.StartAsync(settings: new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        var extract = Customers.Extract(400);
        await off.DeliverAsync(NightRig.Tonight, extract);
        await on.DeliverAsync(NightRig.Tonight, extract);
        await MeasureAsync("night", Nights, warmUp: 2, async (rig, _) => Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State));
        await MeasureAsync("lookup", Lookups, warmUp: 300, async (rig, i) =>
        {
            using var answer = await rig.Api.GetAsync($"api/customers/C{(i % 400) + 1}", TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
        });

        async Task MeasureAsync(string what, int times, int warmUp, Func<NightRig, int, Task> run)
        {
            var took = new Dictionary<NightRig, List<double>> { [off] = [], [on] = [] };
            for (var i = -warmUp; i < times; i++)
            {
                foreach (var rig in i % 2 == 0 ? (NightRig[])[off, on] : [on, off])
                {
                    var watch = Stopwatch.StartNew();
                    await run(rig, i + warmUp);
                    if (i >= 0)
                    {
                        took[rig].Add(watch.Elapsed.TotalMilliseconds);
                    }
                }
            }

            took[off].Sort();
            took[on].Sort();
            var (median, p95) = (times / 2, times * 95 / 100);
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{what}: median {took[off][median]:0.00} ms without, {took[on][median]:0.00} ms with, ratio {took[on][median] / took[off][median]:0.000}; "
                + $"p95 {took[off][p95]:0.00} and {took[on][p95]:0.00} ms, ratio {took[on][p95] / took[off][p95]:0.000}");
        }
    }
}
