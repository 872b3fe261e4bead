using Clv.Core.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Models;

/// <summary>What must hold for every Pareto/NBD and history, checked on generated ones.</summary>
public class ParetoNbdPropertyTests
{
    private const double Rate = 0.005;

    [Fact]
    public void ProbabilityAlive_LongerSilence_Falls() => Check(c =>
    {
        var (sooner, later) = (c.Model.ProbabilityAlive(c.X, c.Tx, c.Age), c.Model.ProbabilityAlive(c.X, c.Tx, c.Age + c.Horizon));
        return later >= 0 && sooner <= 1 && later <= sooner * (1 + 1e-11);
    });

    [Fact]
    public void ProbabilityAlive_BoughtToday_IsOne() => Check(c => c.X == 0 || c.Model.ProbabilityAlive(c.X, c.Age, c.Age) == 1);

    [Fact]
    public void ExpectedTransactions_LongerHorizon_RisesAndFlattens() => Check(c =>
    {
        double At(double h) => c.Model.ExpectedTransactions(c.X, c.Tx, c.Age, h);
        var (first, second, third) = (At(c.Horizon), At(2 * c.Horizon), At(3 * c.Horizon));
        var rounding = 1e-10 * third;
        return first >= 0 && second >= first - rounding && third >= second - rounding && third - second <= second - first + rounding;
    });

    [Fact]
    public void DiscountedTransactions_LongerHorizon_RisesTowardsTheUnlimitedOne() => Check(c =>
    {
        double At(double h) => c.Model.DiscountedTransactions(c.X, c.Tx, c.Age, h, Rate);
        var unlimited = At(double.PositiveInfinity);
        var rounding = 1e-11 * unlimited;
        return At(c.Horizon) <= At(2 * c.Horizon) + rounding
            && At(2 * c.Horizon) <= unlimited + rounding
            && Math.Abs(At(40 / Rate) - unlimited) <= rounding;
    });

    [Fact]
    public void DiscountedTransactions_AnyRate_LiesBetweenFullyDiscountedAndExpected() => Check(c =>
    {
        var expected = c.Model.ExpectedTransactions(c.X, c.Tx, c.Age, c.Horizon);
        var discounted = c.Model.DiscountedTransactions(c.X, c.Tx, c.Age, c.Horizon, Rate);
        return discounted <= expected * (1 + 1e-10) && discounted >= expected * Math.Exp(-Rate * c.Horizon) * (1 - 1e-10);
    });

    [Fact]
    public void TransactionProbabilities_AnyCustomer_AreProbabilitiesBelowTheExpectation() => Check(c =>
    {
        var probabilities = new double[40];
        c.Model.TransactionProbabilities(c.X, c.Tx, c.Age, c.Horizon, probabilities);
        // What is within the span cannot exceed 1, nor its part of the mean the whole of it.
        return probabilities.All(p => p is >= 0 and <= 1)
            && probabilities.Sum() <= 1 + 1e-10
            && probabilities.Select((p, n) => n * p).Sum() <= c.Model.ExpectedTransactions(c.X, c.Tx, c.Age, c.Horizon) * (1 + 1e-9);
    });

    private static void Check(Func<Case, bool> property)
    {
        var cases =
            from r in Positive(0.01, 20)
            from alpha in Positive(0.01, 1000)
            from s in Gen.Frequency((1, Gen.Constant(1.0)), (6, Positive(0.01, 20)))
            from beta in Positive(0.01, 1000)
            from x in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 12)), (1, Gen.Choose(13, 20_000)))
            from age in Positive(0.14, 1500)
            from share in Gen.Choose(0, 100)
            from horizon in Positive(0.14, 520)
            select new Case(new ParetoNbd(r, alpha, s, beta), x, x == 0 ? 0 : age * (share / 100.0), age, horizon);
        Prop.ForAll(Arb.From(cases), property).QuickCheckThrowOnFailure();
    }

    private static Gen<double> Positive(double low, double high) =>
        Gen.Choose(0, 100_000).Select(i => low * Math.Pow(high / low, i / 100_000.0));

    private sealed record Case(ParetoNbd Model, int X, double Tx, double Age, double Horizon);
}
