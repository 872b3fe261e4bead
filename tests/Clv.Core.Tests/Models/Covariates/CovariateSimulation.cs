using Clv.Core.Models;
using Clv.Core.Models.Covariates;

namespace Clv.Core.Tests.Models.Covariates;

/// <summary>Simulated customers with three covariates: a flag, a number, and a number that changes nothing.</summary>
internal static class CovariateSimulation
{
    public static readonly string[] Names = ["flag", "number", "idle"];

    public static CovariateModel Model(CovariateModelKind kind)
    {
        var parameters = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["r"] = 0.8,
            ["alpha"] = 6,
            ["a"] = 0.8,
            ["b"] = 2.5,
            ["s"] = 0.7,
            ["beta"] = 12,
            ["rate.flag"] = 0.5,
            ["rate.number"] = -0.3,
            ["rate.idle"] = 0,
            ["a.flag"] = 0.4,
            ["a.number"] = 0,
            ["a.idle"] = 0,
            ["b.flag"] = -0.3,
            ["b.number"] = 0.2,
            ["b.idle"] = 0,
            ["dropout.flag"] = -0.6,
            ["dropout.number"] = 0.4,
            ["dropout.idle"] = 0,
        };
        return kind.Create(Names, parameters);
    }

    public static CovariateHistories Customers(CovariateModel model, int count, ulong seed) =>
        CovariateHistories.FromTable(Names, Rows(model, count, seed));

    public static List<CovariateGroup> Rows(CovariateModel model, int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var rows = new List<CovariateGroup>();
        for (var i = 0; i < count; i++)
        {
            double[] z = [random.NextInt(2), random.NextNormal(), random.NextInt(5)];
            var age = 30 + random.NextInt(50);
            var times = model.For(z).Simulator(random).NextCustomer(age);
            rows.Add(new CovariateGroup(new HistoryGroup(times.Length, times.IsEmpty ? 0 : times[^1], age, 1), z));
        }

        return rows;
    }
}
