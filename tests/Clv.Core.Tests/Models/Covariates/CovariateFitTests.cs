using Clv.Core.Models;
using Clv.Core.Models.Covariates;

namespace Clv.Core.Tests.Models.Covariates;

public class CovariateFitTests
{
    /// <summary>The end of the 104 weeks that the published fits use.</summary>
    private static readonly DateOnly Split = new(2006, 12, 31);

    public static TheoryData<string> Kinds => [.. CovariateModelKind.All.Select(kind => kind.Id)];

    /// <summary>
    /// CLVTools 0.12.1 on R 4.6.1, the example of Meierer, Bachmann, Naef, Schilter and Algesheimer (2026), arXiv 2602.09845, section 6.4, with
    /// the digits that the public repository neilmurrayee/clvtools recorded of it (tests/fixtures/pnbd_staticcov_fit.json). That search
    /// stopped short of the maximum, hence the tolerance of a hundredth of a standard error.
    /// </summary>
    [Fact]
    public void Run_ApparelParetoNbd_MatchesPublishedFit()
    {
        var data = Apparel.Load(Split);
        double[] estimates = [1.8378433, 92.9123516, 0.5919985, 49.6227182, 0.2858740, 0.6241241, -0.6429934, 0.7906790];
        double[] errors = [0.3454669, 16.9669820, 0.2609016, 36.2509302, 0.1041478, 0.1049581, 0.2955260, 0.3058591];

        var plain = ParetoNbdFit.Run(data.WithoutCovariates());
        var fit = CovariateFit.Run(CovariateModelKind.ParetoNbd, data);

        Assert.Equal(-5848.09783, plain.LogLikelihood!.Value, 0.00005);
        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        Assert.InRange(fit.LogLikelihood!.Value, -5821.062709, -5821.0626);
        Assert.Equal(
            ["r", "alpha", "s", "beta", "rate.Gender", "rate.Channel", "dropout.Gender", "dropout.Channel"], fit.Parameters.Select(p => p.Name));
        for (var i = 0; i < estimates.Length; i++)
        {
            Assert.Equal(estimates[i], fit.Parameters[i].Estimate, 0.01 * errors[i]);
            Assert.Equal(1, fit.Parameters[i].StandardError!.Value / errors[i], 0.005);
        }
    }

    /// <summary>
    /// No published fit has coefficients of their own for a and b. The rates' coefficients should be near those of the Pareto/NBD, and four to six
    /// more parameters have to pay: the 99.9 % points of chi-square are 18.5 and 22.5.
    /// </summary>
    [Theory]
    [InlineData("bg-nbd", 22.5)]
    [InlineData("mbg-nbd", 22.5)]
    [InlineData("pareto-nbd", 18.5)]
    public void Run_ApparelAllYears_BeatsTheFitWithoutCovariates(string id, double chiSquare)
    {
        var data = Apparel.Load(Apparel.LastDay);

        var plain = TransactionModels.Find(id).Fit(data.WithoutCovariates(), null, new FitOptions());
        var fit = CovariateFit.Run(Kind(id), data);

        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        Assert.True(2 * (fit.LogLikelihood - plain.LogLikelihood) > chiSquare);
        Assert.InRange(Of(fit, "rate.Gender").Estimate, 0.1, 0.45);
        Assert.InRange(Of(fit, "rate.Channel").Estimate, 0.5, 0.65);
    }

    [Fact]
    public void Run_ApparelBgNbd_IsRefusedWhereOneGroupHasNoMaximum()
    {
        var fit = CovariateFit.Run(CovariateModelKind.BgNbd, Apparel.Load(Split));

        Assert.Equal(FitVerdict.Boundary, fit.Verdict);
        Assert.Null(fit.Model);
        Assert.Contains("Channel 0, ", fit.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_SimulatedCustomers_RecoversWithinThreeStandardErrors(string id)
    {
        var truth = CovariateSimulation.Model(Kind(id));
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var fit = CovariateFit.Run(Kind(id), CovariateSimulation.Customers(truth, 6000, seed));

            Assert.True(fit.Converged, fit.Reason);
            foreach (var (parameter, expected) in fit.Parameters.Zip(truth.Parameters))
            {
                Assert.Equal(expected.Key, parameter.Name);
                Assert.True(
                    Math.Abs(parameter.Estimate - expected.Value) < 3 * parameter.StandardError!.Value,
                    $"{parameter} against {expected.Value}, seed {seed}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_CovariatesInOtherTerms_FindsTheSameModel(string id)
    {
        var kind = Kind(id);
        var rows = CovariateSimulation.Rows(CovariateSimulation.Model(kind), 2000, 7);
        var fit = CovariateFit.Run(kind, CovariateHistories.FromTable(CovariateSimulation.Names, rows));
        Assert.True(fit.Converged, fit.Reason);

        // Other labels and another zero; another unit; the sum and the difference of two.
        foreach (var change in new Func<IReadOnlyList<double>, double[]>[]
        {
            z => [1 - z[0], z[1] + 40, z[2]], z => [z[0], 1000 * z[1], -0.01 * z[2]], z => [z[0] + z[1], z[0] - z[1], z[2]],
        })
        {
            var other = CovariateFit.Run(
                kind,
                CovariateHistories.FromTable(CovariateSimulation.Names, rows.Select(row => row with { Covariates = change(row.Covariates) })));

            Assert.True(other.Converged, other.Reason);
            Assert.Equal(1, other.LogLikelihood!.Value / fit.LogLikelihood!.Value, 1e-12);
            foreach (var row in rows.Take(5))
            {
                var (one, two) = (fit.Model!.For([.. row.Covariates]), other.Model!.For(change(row.Covariates)));
                Assert.Equal(1, two.ExpectedTransactions(3, 20, 30, 52) / one.ExpectedTransactions(3, 20, 30, 52), 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_OneThreadOrMoreOrAnotherOrder_GivesTheSameBits(string id)
    {
        var kind = Kind(id);
        // Many profiles of one customer and two of many, and steps enough to reach every part.
        var rows = CovariateSimulation.Rows(CovariateSimulation.Model(kind), 26_000, 8);
        for (var i = 0; i < 8000; i++)
        {
            rows[i] = rows[i] with { Covariates = [i % 2, 0.5, 2] };
        }

        var data = CovariateHistories.FromTable(CovariateSimulation.Names, rows);
        Assert.True(data.GroupCount > 2 * 8192, $"{data.GroupCount} groups");

        var one = CovariateFit.Run(kind, data, null, new FitOptions { MaxDegreeOfParallelism = 1, MaxIterations = 4 });
        var two = CovariateFit.Run(
            kind,
            CovariateHistories.FromTable(CovariateSimulation.Names, rows.OrderByDescending(r => r.History.Recency)),
            null,
            new FitOptions { MaxDegreeOfParallelism = 2, MaxIterations = 4 });

        Assert.NotEmpty(one.Parameters);
        Assert.Equal(one.Parameters, two.Parameters);
        Assert.Equal(one.LogCovariance, two.LogCovariance);
        Assert.Equal(one.LogLikelihood, two.LogLikelihood);
    }

    [Fact]
    public void Run_WarmStart_ReachesTheSameMaximum()
    {
        var data = Apparel.Load(Split);
        var cold = CovariateFit.Run(CovariateModelKind.ParetoNbd, data);

        var warm = CovariateFit.Run(CovariateModelKind.ParetoNbd, data, cold.Model);
        var foreign = CovariateFit.Run(CovariateModelKind.ParetoNbd, data, CovariateFit.Run(CovariateModelKind.MbgNbd, data).Model);

        Assert.Equal((3, 3), (warm.Starts, warm.StartsAgreeing));
        Assert.Equal(2, foreign.Starts);
        Assert.Equal(cold.LogLikelihood!.Value, warm.LogLikelihood!.Value, 1e-7);
        foreach (var (one, other) in cold.Parameters.Zip(warm.Parameters))
        {
            Assert.Equal(one.Estimate, other.Estimate, 1e-5 * one.StandardError!.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_PriorWeight_HardlyMovesWhatTheDataGive(string id)
    {
        var data = CovariateSimulation.Customers(CovariateSimulation.Model(Kind(id)), 3000, 2);

        var (free, held) = (CovariateFit.Run(Kind(id), data), CovariateFit.Run(Kind(id), data, null, new FitOptions { PriorWeight = 1 }));

        foreach (var (one, other) in free.Parameters.Zip(held.Parameters))
        {
            Assert.NotEqual(one.Estimate, other.Estimate);
            Assert.Equal(one.Estimate, other.Estimate, 0.2 * one.StandardError!.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_CovariatesThatTellNothing_AreRefusedWithTheReason(string id)
    {
        var rows = CovariateSimulation.Rows(CovariateSimulation.Model(Kind(id)), 500, 3);
        ModelFit<CovariateModel> Fit(Func<IReadOnlyList<double>, double[]> change, IEnumerable<CovariateGroup>? from = null) =>
            CovariateFit.Run(
                Kind(id),
                CovariateHistories.FromTable(["one", "two", "three"], (from ?? rows).Select(row => row with { Covariates = change(row.Covariates) })));

        AssertRefused(Fit(z => [z[0], 4.2, z[2]]), "two is the same for all customers");
        AssertRefused(Fit(z => [z[0], 1 - z[0], z[2]]), "two follows from one,");
        AssertRefused(Fit(z => [z[0], z[1], 1e8 - (3 * z[0]) + z[1]]), "three follows from one, two,");
        AssertRefused(Fit(z => [z[0], z[1], 1e200 * z[2]]), "three is too large");
        AssertRefused(Fit(z => [.. z], rows.Take(5)), "");
        AssertRefused(Fit(z => [.. z], []), "0 of 0 customers came back");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_OneGroupNeverBuysAgain_IsRefused(string id)
    {
        var rows = CovariateSimulation.Rows(CovariateSimulation.Model(Kind(id)), 800, 3)
            .Select(row => row.Covariates[0] > 0 ? row with { History = new HistoryGroup(0, 0, row.History.Age, 1) } : row);

        var fit = CovariateFit.Run(Kind(id), CovariateHistories.FromTable(CovariateSimulation.Names, rows));

        // Whether they buy at no rate or are all gone, the likelihood rises without end.
        Assert.Null(fit.Model);
        Assert.True(fit.Verdict is FitVerdict.Boundary or FitVerdict.NotConverged, fit.Reason);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_TableWithoutTime_IsRefused(string id)
    {
        var rows = Enumerable.Range(0, 50).Select(i => new CovariateGroup(new HistoryGroup(3, 0, 0, 1), [i % 2]));

        Assert.Null(CovariateFit.Run(Kind(id), CovariateHistories.FromTable(["flag"], rows)).Model);
    }

    [Fact]
    public void Run_CovariateFarFromZero_IsRefusedWithAdvice()
    {
        var rows = CovariateSimulation.Rows(CovariateSimulation.Model(CovariateModelKind.MbgNbd), 1500, 3);

        var fit = CovariateFit.Run(
            CovariateModelKind.MbgNbd,
            CovariateHistories.FromTable(["one", "two", "three"], rows.Select(row => row with { Covariates = [row.Covariates[0], row.Covariates[1] + 1e5, row.Covariates[2]] })));

        Assert.Equal(FitVerdict.NonFinite, fit.Verdict);
        Assert.Contains("subtract", fit.Reason, StringComparison.Ordinal);
    }

    /// <summary>A flag that two customers in thousands have is forty standard deviations wide, and steps of the search go far.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Run_FlagOfTwoCustomers_IsSoundOrRefused(string id)
    {
        var rows = CovariateSimulation.Rows(CovariateSimulation.Model(Kind(id)), 3000, 5)
            .Select((row, i) => row with { Covariates = [i < 2 ? 1 : 0], History = i < 2 ? new HistoryGroup(0, 0, 50, 1) : row.History });

        var fit = CovariateFit.Run(Kind(id), CovariateHistories.FromTable(["rare"], rows));

        Assert.EndsWith(".", fit.Reason, StringComparison.Ordinal);
        Assert.Equal(fit.Converged, fit.Model is not null);
        Assert.All(fit.Parameters, p => Assert.True(double.IsFinite(p.Estimate) && double.IsFinite(p.StandardError ?? 0), p.ToString()));
    }

    private static CovariateModelKind Kind(string id) => CovariateModelKind.All.Single(kind => kind.Id == id);

    private static FittedParameter Of(ModelFit<CovariateModel> fit, string name) => fit.Parameters.Single(p => p.Name == name);

    private static void AssertRefused(ModelFit<CovariateModel> fit, string reason)
    {
        Assert.Equal(FitVerdict.TooLittleData, fit.Verdict);
        Assert.Null(fit.Model);
        Assert.StartsWith(reason, fit.Reason, StringComparison.Ordinal);
    }
}
