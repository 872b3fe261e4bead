using Clv.Core.Models;
using Clv.Core.Models.Contracts;

namespace Clv.Core.Tests.Models.Contracts;

public class ContractFitTests
{
    [Theory]
    [InlineData(new[] { 0.7, 1.2 })]
    [InlineData(new[] { 30.0, 0.4 })]
    [InlineData(new[] { 0.2, 1.4, 1.7 })]
    [InlineData(new[] { 12, 40, 0.4 })]
    [InlineData(new[] { 0.05, 300, 3 })]
    public void Evaluate_MixedAges_IsSumOverContractsAndItsDerivativesMatchDifferences(double[] p)
    {
        var rows = Simulate(new BetaDiscreteWeibull(0.6, 2, 1.2), 2000, 9);
        var data = GroupedContracts.FromTable(rows);
        IContractModel model = p.Length == 2 ? new ShiftedBetaGeometric(p[0], p[1]) : new BetaDiscreteWeibull(p[0], p[1], p[2]);
        IMeanLogLikelihood likelihood = p.Length == 2 ? new ShiftedBetaGeometricLikelihood(data) : new BetaDiscreteWeibullLikelihood(data);
        var (gradient, hessian) = (new double[p.Length], new double[p.Length * p.Length]);

        var value = likelihood.Evaluate(p, gradient, hessian);

        Assert.Equal(1, value * data.Contracts / rows.Sum(r => r.Count * model.LogLikelihood(r.Renewals, r.Lost)), 1e-11);
        for (var i = 0; i < p.Length; i++)
        {
            var step = 1e-5 * p[i];
            (double Value, double[] Gradient) Moved(double by)
            {
                var moved = (double[])p.Clone();
                moved[i] += by;
                var slopes = new double[p.Length];
                return (likelihood.Evaluate(moved, slopes, new double[hessian.Length]), slopes);
            }

            var (up, down) = (Moved(step), Moved(-step));
            AssertSlope((up.Value - down.Value) / (2 * step), gradient[i], p[i]);
            for (var j = i; j < p.Length; j++)
            {
                AssertSlope((up.Gradient[j] - down.Gradient[j]) / (2 * step), hessian[(p.Length * i) + j], p[i] * p[j]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_ContractsOfManyAges_RecoversWithinThreeStandardErrors(ulong seed)
    {
        AssertRecovered(
            ContractFit.ShiftedBetaGeometric(GroupedContracts.FromTable(Simulate(new ShiftedBetaGeometric(0.7, 2.5), 15_000, seed))), [0.7, 2.5]);
        AssertRecovered(
            ContractFit.BetaDiscreteWeibull(GroupedContracts.FromTable(Simulate(new BetaDiscreteWeibull(0.4, 2, 1.4), 15_000, seed))), [0.4, 2, 1.4]);
        AssertRecovered(
            ContractFit.BetaDiscreteWeibull(GroupedContracts.FromTable(Simulate(new BetaDiscreteWeibull(2, 3, 0.7), 15_000, seed))), [2, 3, 0.7]);
    }

    [Fact]
    public void FromTable_SingleContractsAndCohorts_GiveTheSameCounts()
    {
        var cohorts = GroupedContracts.FromCohorts([100, 60, 45], [50, 20]);
        var table = GroupedContracts.FromTable([new(0, true, 30), new(0, true, 40), new(1, true, 15), new(2, false, 45), new(1, false, 20), new(0, false, 900)]);

        Assert.Equal((150, 85, 80, 2), (cohorts.Contracts, cohorts.Lost, cohorts.Renewed, cohorts.Ages));
        Assert.Equal(cohorts.RenewedAt.ToArray(), table.RenewedAt.ToArray());
        Assert.Equal(cohorts.LostAt.ToArray(), table.LostAt.ToArray());
        Assert.Equal([80, 45], table.RenewedAt.ToArray());
        Assert.Equal([70, 15], table.LostAt.ToArray());
        Assert.Equal(cohorts.Contracts, table.Contracts);
    }

    [Fact]
    public void FromTable_ImpossibleRows_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupedContracts.FromTable([new(-1, true, 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupedContracts.FromTable([new(1, true, -1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupedContracts.FromTable([new(int.MaxValue, false, 1)]));
        Assert.Throws<ArgumentException>(() => GroupedContracts.FromCohorts([10, 12]));
        Assert.Throws<ArgumentException>(() => GroupedContracts.FromCohorts([-10, -12]));
    }

    [Theory]
    [InlineData("No contract was lost", new long[] { 100, 100, 100, 100 })]
    [InlineData("Every contract was lost at its first renewal", new long[] { 100, 0 })]
    [InlineData("5 contracts came up for renewal; at least 10", new long[] { 5, 4, 3, 2 })]
    [InlineData("0 contracts", new long[] { 500 })]
    [InlineData("0 contracts", new long[0])]
    [InlineData("No contract came up for renewal ", new long[] { 100, 70 })]
    public void Fit_DataThatTellNothing_AreRefusedWithTheReason(string reason, long[] active)
    {
        var data = GroupedContracts.FromCohorts([active]);

        foreach (var (verdict, why) in new[] { Of(ContractFit.ShiftedBetaGeometric(data)), Of(ContractFit.BetaDiscreteWeibull(data)) })
        {
            Assert.Equal(FitVerdict.TooLittleData, verdict);
            Assert.StartsWith(reason, why, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(new long[] { 1000, 500, 250, 125 })] // the same loss at every age
    [InlineData(new long[] { 1000, 900, 700, 300 })] // retention falls with age
    [InlineData(new long[] { 1000, 400, 400, 400 })] // whoever renews once stays
    [InlineData(new long[] { 1000, 1000, 1000, 0 })] // all end at one age
    [InlineData(new long[] { 1000, 999, 999, 999 })]
    [InlineData(new long[] { 1000, 1, 1, 0 })]
    [InlineData(new long[] { 1_000_000_000_000, 600_000_000_000, 450_000_000_000, 370_000_000_000 })]
    public void Fit_OddData_IsSoundOrRefused(long[] active)
    {
        var data = GroupedContracts.FromCohorts([active]);
        AssertSound(ContractFit.ShiftedBetaGeometric(data));
        AssertSound(ContractFit.BetaDiscreteWeibull(data));
    }

    [Fact]
    public void ShiftedBetaGeometric_EqualContracts_IsRefusedAtTheBoundary()
    {
        var fit = ContractFit.ShiftedBetaGeometric(GroupedContracts.FromCohorts([1000, 500, 250, 125]));

        Assert.Equal(FitVerdict.Boundary, fit.Verdict);
        Assert.Contains("the same probability", fit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_PriorWeight_DecidesOnlyWhatTheDataLeaveOpen()
    {
        var prior = new FitOptions { PriorWeight = 1 };
        var equal = GroupedContracts.FromCohorts([1000, 500, 250, 125]);
        var mixed = GroupedContracts.FromTable(Simulate(new ShiftedBetaGeometric(0.7, 2.5), 15_000, 1));

        var decided = ContractFit.ShiftedBetaGeometric(equal, null, prior);
        var (free, held) = (ContractFit.ShiftedBetaGeometric(mixed), ContractFit.ShiftedBetaGeometric(mixed, null, prior));

        Assert.True(decided.Converged, decided.Reason);
        Assert.Equal(0.5, decided.Model!.RenewalProbability(0), 0.02);
        Assert.True(ContractFit.BetaDiscreteWeibull(GroupedContracts.FromCohorts([1000, 500, 250, 125]), null, prior).Converged);
        foreach (var (one, other) in free.Parameters.Zip(held.Parameters))
        {
            Assert.NotEqual(one.Estimate, other.Estimate);
            Assert.Equal(one.Estimate, other.Estimate, 0.1 * one.StandardError!.Value);
        }
    }

    [Fact]
    public void Fit_WarmStart_ReachesTheSameMaximum()
    {
        var data = GroupedContracts.FromTable(Simulate(new BetaDiscreteWeibull(0.4, 2, 1.4), 5000, 8));

        var (cold, warm) = (ContractFit.BetaDiscreteWeibull(data), ContractFit.BetaDiscreteWeibull(data, new BetaDiscreteWeibull(0.5, 2.5, 1.2)));
        var (cold2, warm2) = (ContractFit.ShiftedBetaGeometric(data), ContractFit.ShiftedBetaGeometric(data, new ShiftedBetaGeometric(1e9, 1e-9)));

        Assert.Equal((4, 4), (warm.Starts, warm.StartsAgreeing));
        Assert.Equal(1, cold.Model!.C / warm.Model!.C, 1e-7);
        Assert.Equal(4, warm2.Starts);
        Assert.Equal(1, cold2.Model!.Alpha / warm2.Model!.Alpha, 1e-7);
    }

    /// <summary>Contracts that began up to twelve periods ago.</summary>
    private static List<ContractGroup> Simulate(IContractModel model, int contracts, ulong seed)
    {
        var random = new SeededRandom(seed);
        var rows = new List<ContractGroup>();
        for (var i = 0; i < contracts; i++)
        {
            var seen = random.NextInt(13);
            var made = model.NextRenewals(random);
            rows.Add(new ContractGroup(Math.Min(made, seen), made < seen, 1));
        }

        return rows;
    }

    private static (FitVerdict, string) Of<TModel>(ModelFit<TModel> fit)
        where TModel : class
    {
        Assert.Null(fit.Model);
        return (fit.Verdict, fit.Reason);
    }

    private static void AssertSlope(double expected, double actual, double scale) =>
        Assert.Equal(expected * scale, actual * scale, 1e-7 * (1 + Math.Abs(expected * scale)));

    private static void AssertRecovered<TModel>(ModelFit<TModel> fit, double[] expected)
        where TModel : class
    {
        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        foreach (var (parameter, truth) in fit.Parameters.Zip(expected))
        {
            Assert.True(Math.Abs(parameter.Estimate - truth) < 3 * parameter.StandardError!.Value, $"{parameter} against {truth}");
        }
    }

    private static void AssertSound<TModel>(ModelFit<TModel> fit)
        where TModel : class
    {
        // The serialiser refuses NaN and infinity wherever they are.
        _ = System.Text.Json.JsonSerializer.Serialize(fit with { Model = null });
        Assert.EndsWith(".", fit.Reason, StringComparison.Ordinal);
        Assert.Equal(fit.Converged, fit.Model is not null);
        Assert.True(!fit.Converged || fit.Parameters.All(p => p.StandardError > 0));
    }
}
