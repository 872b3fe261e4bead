using Clv.Core.Models;
using Clv.Core.Models.Covariates;

namespace Clv.Core.Tests.Models.Covariates;

public class CovariateModelTests
{
    public static TheoryData<string> Kinds => [.. CovariateModelKind.All.Select(kind => kind.Id)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Evaluate_MixedCovariates_IsSumOverCustomersAndItsDerivativesMatchDifferences(string id)
    {
        var kind = Kind(id);
        var truth = CovariateSimulation.Model(kind);
        // Some customers of one profile each and some of a profile large enough for a likelihood of its own.
        var data = CovariateHistories.FromTable(
            CovariateSimulation.Names,
            CovariateSimulation.Rows(truth, 600, 12).Select((row, i) => i < 450 ? row with { Covariates = [1, 0.5, 2] } : row));
        var profiles = data.Profiles.ToArray();
        var likelihood = new CovariateLikelihood(kind, data, profiles, 1);
        var own = kind.Parameters.Count;
        double[] natural = [.. truth.Parameters.Select((p, i) => i < own ? p.Value : Math.Exp(p.Value + 0.05))];
        var model = kind.Create(
            CovariateSimulation.Names,
            truth.Parameters.Select((p, i) => KeyValuePair.Create(p.Key, i < own ? p.Value : p.Value + 0.05)).ToDictionary(StringComparer.Ordinal));
        var surface = new LogParameterSurface(likelihood, [.. natural.Select((_, i) => new ParameterLimits($"{i}", 0, 1e-9, 1e9, "", ""))]);

        var point = surface.At(surface.ToLog(natural));

        var sum = 0.0;
        foreach (var row in data.Rows)
        {
            sum += row.Count * model.For(profiles[row.Profile]).LogLikelihood(row.Frequency, row.Recency, row.Age);
        }

        Assert.Equal(1, point.Value * data.Customers / sum, 1e-11);
        const double h = 1e-5;
        for (var i = 0; i < natural.Length; i++)
        {
            SurfacePoint Moved(double by)
            {
                var theta = (double[])point.Theta.Clone();
                theta[i] += by;
                return surface.At(theta);
            }

            var (up, down) = (Moved(h), Moved(-h));
            Assert.Equal((up.Value - down.Value) / (2 * h), point.Gradient[i], 1e-7);
            for (var j = 0; j < natural.Length; j++)
            {
                Assert.Equal((up.Gradient[j] - down.Gradient[j]) / (2 * h), point.Hessian[i, j], 1e-7);
            }
        }
    }

    /// <summary>A rare flag is many standard deviations wide, so a step of the search may go anywhere; it has to be rejected, not to throw.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Evaluate_ParametersBeyondNumbers_IsNotANumber(string id)
    {
        var kind = Kind(id);
        double[] natural = [.. kind.Parameters.Select(_ => 1.0), .. kind.Effects.SelectMany(_ => new[] { 1e5, 1, 1 })];
        foreach (var customers in new[] { 50, 2000 })
        {
            var rows = CovariateSimulation.Rows(CovariateSimulation.Model(kind), customers, 4).Select(row => row with { Covariates = [100, 1, 1] });
            var data = CovariateHistories.FromTable(CovariateSimulation.Names, rows);
            var likelihood = new CovariateLikelihood(kind, data, [[100, 0, 0]], 1);

            Assert.True(double.IsNaN(likelihood.Evaluate(natural, new double[natural.Length], new double[natural.Length * natural.Length])));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void For_NoCovariates_IsThePlainModel(string id)
    {
        var model = CovariateSimulation.Model(Kind(id));

        var plain = TransactionModels.Find(id).Create(model.Parameters.ToDictionary(StringComparer.Ordinal));

        Assert.Equal(plain, model.For([0, 0, 0]));
        // A covariate without effect changes nothing either.
        Assert.Equal(plain, model.For([0, 0, 17]));
        Assert.NotEqual(plain, model.For([1, 0, 0]));
    }

    [Fact]
    public void For_Covariates_ActOnTheRightParameterInTheRightDirection()
    {
        var pareto = (ParetoNbd)CovariateSimulation.Model(CovariateModelKind.ParetoNbd).For([1, 2, 0]);
        Assert.Equal((0.8, 0.7), (pareto.R, pareto.S));
        // The purchase rate r / alpha and the dropout rate s / beta are multiplied.
        Assert.Equal(Math.Exp(0.5 - 0.6), 6 / pareto.Alpha, 1e-14);
        Assert.Equal(Math.Exp(-0.6 + 0.8), 12 / pareto.Beta, 1e-14);

        var bg = (BgNbd)CovariateSimulation.Model(CovariateModelKind.BgNbd).For([1, 2, 0]);
        Assert.Equal(Math.Exp(0.5 - 0.6), 6 / bg.Alpha, 1e-14);
        Assert.Equal(Math.Exp(0.4), bg.A / 0.8, 1e-14);
        Assert.Equal(Math.Exp(-0.3 + 0.4), bg.B / 2.5, 1e-14);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Create_ParametersByName_MakesTheSameModel(string id)
    {
        var model = CovariateSimulation.Model(Kind(id));

        var again = Kind(id).Create(model.Covariates, model.Parameters.Reverse().ToDictionary(StringComparer.Ordinal));

        Assert.Equal(model.Parameters, again.Parameters);
        Assert.Equal(model.For([1, -2, 3]), again.For([1, -2, 3]));
    }

    [Fact]
    public void FromTable_EqualRows_AreMergedInCanonicalOrder()
    {
        HistoryGroup Group(int x, double tx, long count) => new(x, tx, 40, count);

        var data = CovariateHistories.FromTable(
            ["z"], [new(Group(2, 9, 3), [1]), new(Group(0, 0, 5), [1]), new(Group(2, 9, 4), [1]), new(Group(2, 9, 1), [-0.0]), new(Group(2, 9, 2), [0.0]), new(Group(7, 9, 0), [3])]);

        Assert.Equal((3, 15), (data.GroupCount, data.Customers));
        Assert.Equal([new(0, 2, 9, 40, 3), new(1, 0, 0, 40, 5), new(1, 2, 9, 40, 7)], data.Rows.ToArray());
        Assert.Equal(2, data.WithoutCovariates().GroupCount);
    }

    [Fact]
    public void Members_ImpossibleArguments_Throw()
    {
        var model = CovariateSimulation.Model(CovariateModelKind.BgNbd);
        var history = new HistoryGroup(0, 0, 1, 1);

        Assert.Throws<ArgumentException>(() => model.For([1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.For([1, double.NaN, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.For([1, 1e9, 0]));
        Assert.Throws<ArgumentException>(() => CovariateHistories.FromTable([], []));
        Assert.Throws<ArgumentException>(() => CovariateHistories.FromTable(["a", "a"], []));
        Assert.Throws<ArgumentException>(() => CovariateHistories.FromTable(["a"], [new(history, [1, 2])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CovariateHistories.FromTable(["a"], [new(history, [double.NaN])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CovariateHistories.FromTable(["a"], [new(history with { Count = -1 }, [1])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CovariateHistories.FromTable(["a"], [new(new HistoryGroup(1, 5, 2, 1), [1])]));
    }

    private static CovariateModelKind Kind(string id) => CovariateModelKind.All.Single(kind => kind.Id == id);
}
