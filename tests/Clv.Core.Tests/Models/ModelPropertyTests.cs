using Clv.Core.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Models;

/// <summary>What must hold for every model and history, checked on generated ones.</summary>
public class ModelPropertyTests
{
    [Fact]
    public void ProbabilityAlive_AnyHistory_IsAProbability() => Check(c =>
        c.Model.ProbabilityAlive(c.X, c.Tx, c.Age) is >= 0 and <= 1);

    [Fact]
    public void ProbabilityAlive_LongerSilence_NeverRises() => Check(c =>
        c.Model.ProbabilityAlive(c.X, c.Tx, c.Age + c.Horizon) <= c.Model.ProbabilityAlive(c.X, c.Tx, c.Age));

    [Fact]
    public void ExpectedTransactions_LongerHorizon_RisesAndFlattens() => Check(c =>
    {
        double At(double h) => c.Model.ExpectedTransactions(c.X, c.Tx, c.Age, h);
        var (first, second, third) = (At(c.Horizon), At(2 * c.Horizon), At(3 * c.Horizon));
        var rounding = 1e-10 * third;
        // A regular buyer's next purchase comes nearer while it does not come, so only random buyers' expectations flatten from the start.
        return first >= 0 && second >= first - rounding && third >= second - rounding
            && (c.Model is BgCnbd or MbgCnbd || third - second <= second - first + rounding);
    });

    [Fact]
    public void DiscountedTransactions_AnyRate_LiesBetweenFullyDiscountedAndExpected() => Check(c =>
    {
        const double rate = 0.005;
        var expected = c.Model.ExpectedTransactions(c.X, c.Tx, c.Age, c.Horizon);
        var discounted = c.Model.DiscountedTransactions(c.X, c.Tx, c.Age, c.Horizon, rate);
        return discounted <= expected * (1 + 1e-10) && discounted >= expected * Math.Exp(-rate * c.Horizon) * (1 - 1e-10);
    });

    [Fact]
    public void DiscountedTransactions_UnlimitedHorizon_IsAtLeastThatOfAnyOther() => Check(c =>
    {
        const double rate = 0.005;
        var residual = c.Model.DiscountedTransactions(c.X, c.Tx, c.Age, double.PositiveInfinity, rate);
        return double.IsFinite(residual) && residual >= c.Model.DiscountedTransactions(c.X, c.Tx, c.Age, c.Horizon, rate) * (1 - 1e-10);
    });

    [Fact]
    public void TransactionProbabilities_LongEnough_SumToOneAndAverageToTheExpectation() => Check(c =>
    {
        // As far as four hundred purchases can show it: the horizon is cut to a twentieth of them.
        var horizon = Math.Min(c.Horizon, 20 * c.Model.Stages * (c.Model.Alpha + c.Age) / (c.Model.R + (c.Model.Stages * (c.X + 1.0))));
        horizon = Math.Min(horizon, 0.3 * (c.Model.Alpha + c.Age));
        var probabilities = new double[400];
        c.Model.TransactionProbabilities(c.X, c.Tx, c.Age, horizon, probabilities);
        var mean = probabilities.Select((p, n) => n * p).Sum();
        var expected = c.Model.ExpectedTransactions(c.X, c.Tx, c.Age, horizon);
        return probabilities.All(p => p is >= 0 and <= 1) && Math.Abs(probabilities.Sum() - 1) < 1e-9 && Math.Abs(mean - expected) <= 1e-9 * (1 + expected);
    });

    [Fact]
    public void LogLikelihood_HistoryTurnedAnyWay_IsFinite() => Check(c =>
        double.IsFinite(c.Model.LogLikelihood(c.X, c.Tx, c.Age)));

    [Fact]
    public void GammaGammaExpectedValue_AnyCustomer_LiesBetweenOwnMeanAndPopulation()
    {
        var cases =
            from p in Positive(0.05, 100)
            from q in Positive(0.01, 50)
            from v in Positive(0.01, 1e6)
            from n in Gen.Choose(1, 5000)
            from mean in Positive(1e-3, 1e6)
            select (Model: new GammaGamma(p, 1 + q, v), n, mean);
        Prop.ForAll(Arb.From(cases), c =>
        {
            var expected = c.Model.ExpectedValue(c.n, c.mean);
            var (low, high) = (Math.Min(c.mean, c.Model.PopulationMean), Math.Max(c.mean, c.Model.PopulationMean));
            return expected >= low * (1 - 1e-12) && expected <= high * (1 + 1e-12);
        }).QuickCheckThrowOnFailure();
    }

    private static void Check(Func<Case, bool> property)
    {
        var cases =
            from r in Positive(0.01, 20)
            from alpha in Positive(0.05, 200)
            from a in Positive(0.01, 30)
            from b in Positive(0.01, 100)
            from x in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 12)), (1, Gen.Choose(13, 20_000)))
            from age in Positive(0.14, 1500)
            from share in Gen.Choose(0, 100)
            from horizon in Positive(0.14, 520)
            from kind in Gen.Choose(0, 3)
            select new Case(Family(r, alpha, a, b)[kind], x, x == 0 ? 0 : age * (share / 100.0), age, horizon);
        Prop.ForAll(Arb.From(cases), property).QuickCheckThrowOnFailure();
    }

    private static BetaGeometricModel[] Family(double r, double alpha, double a, double b) =>
        [new BgNbd(r, alpha, a, b), new MbgNbd(r, alpha, a, b), new BgCnbd(3, r, alpha, a, b), new MbgCnbd(2, r, alpha, a, b)];

    private static Gen<double> Positive(double low, double high) =>
        Gen.Choose(0, 100_000).Select(i => low * Math.Pow(high / low, i / 100_000.0));

    private sealed record Case(BetaGeometricModel Model, int X, double Tx, double Age, double Horizon);
}
