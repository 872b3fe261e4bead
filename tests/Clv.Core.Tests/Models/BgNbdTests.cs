using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

public class BgNbdTests
{
    /// <summary>The rounded parameters of the paper.</summary>
    private static readonly BgNbd Paper = new(0.243, 4.414, 0.793, 2.426);

    /// <summary>The estimates in full, with which the paper's curve of new customers was drawn.</summary>
    private static readonly BgNbd Fitted = new(0.242594, 4.413602, 0.792920, 2.425888);

    [Fact]
    public void ProbabilityAlive_PaperCustomer_IsPublished() =>
        Assert.Equal(0.7266, Paper.ProbabilityAlive(2, 30.43, 38.86), 5e-5);

    [Fact]
    public void ExpectedTransactions_PaperCustomer_IsPublished() =>
        Assert.Equal(1.2260, Paper.ExpectedTransactions(2, 30.43, 38.86, 39), 5e-5);

    [Theory]
    [InlineData(1, 0.0532)]
    [InlineData(3, 0.1506)]
    [InlineData(32, 1.0437)]
    public void ExpectedTransactions_NewCustomer_IsPublished(double horizon, double expected) =>
        Assert.Equal(expected, Fitted.ExpectedTransactions(horizon), 5e-5);

    /// <summary>
    /// The published 1.8576 is the authors' spreadsheet, which stops its series after 150 terms; the whole series gives 1.8580.
    /// </summary>
    [Fact]
    public void ExpectedTransactions_NewCustomerAt78Weeks_IsWholeSeries()
    {
        Assert.Equal(1.8576, Spreadsheet(78, 150), 5e-5);
        Assert.Equal(Spreadsheet(78, 2000), Fitted.ExpectedTransactions(78), 1e-10);
        Assert.Equal(1.8579524, Fitted.ExpectedTransactions(78), 5e-8);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.5)]
    [InlineData(7, 35)]
    [InlineData(40, 77.86)]
    public void LogLikelihood_PaperFormula_Agrees(int x, double tx)
    {
        const double age = 77.86;
        // Equation (6) of the paper in raw space, as far as that reaches.
        double Beta(double m, double n) => Math.Exp(MathNet.Numerics.SpecialFunctions.BetaLn(m, n));
        var gammas = Math.Exp(MathNet.Numerics.SpecialFunctions.GammaLn(Paper.R + x) - MathNet.Numerics.SpecialFunctions.GammaLn(Paper.R));
        var common = gammas * Math.Pow(Paper.Alpha, Paper.R) / Beta(Paper.A, Paper.B);
        var likelihood = common * Beta(Paper.A, Paper.B + x) / Math.Pow(Paper.Alpha + age, Paper.R + x);
        if (x > 0)
        {
            likelihood += common * Beta(Paper.A + 1, Paper.B + x - 1) / Math.Pow(Paper.Alpha + tx, Paper.R + x);
        }

        Assert.Equal(Math.Log(likelihood), Paper.LogLikelihood(x, tx, age), 1e-10);
    }

    [Fact]
    public void EveryMember_ExtremeHistories_IsFinite()
    {
        foreach (var x in new[] { 0, 1, 2, 170, 1500, 20_000 })
        {
            foreach (var age in new[] { 0.0, 1 / 7.0, 1, 52, 30 * 52.2 })
            {
                foreach (var share in x == 0 ? new[] { 0.0 } : [0.0, 0.5, 1])
                {
                    foreach (var horizon in new[] { 0.0, 1 / 7.0, 52, 30 * 52.2 })
                    {
                        var tx = share * age;
                        Assert.True(double.IsFinite(Paper.LogLikelihood(x, tx, age)));
                        Assert.InRange(Paper.ProbabilityAlive(x, tx, age), 0, 1);
                        Assert.InRange(Paper.ExpectedTransactions(x, tx, age, horizon), 0, 1e9);
                        Assert.InRange(Paper.DiscountedTransactions(x, tx, age, horizon, 0.002), 0, Paper.ExpectedTransactions(x, tx, age, horizon));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, -1, 1, 1)]
    [InlineData(1, 1, double.NaN, 1)]
    [InlineData(1, 1, 1, double.PositiveInfinity)]
    public void Constructor_ImpossibleParameter_Throws(double r, double alpha, double a, double b) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BgNbd(r, alpha, a, b));

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(0, 1, 2)]
    [InlineData(1, double.NaN, 2)]
    [InlineData(1, 1, double.PositiveInfinity)]
    public void ProbabilityAlive_ImpossibleHistory_Throws(int x, double tx, double age) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Paper.ProbabilityAlive(x, tx, age));

    /// <summary>Equation (9) of the paper with its 2F1 summed to a given term.</summary>
    private static double Spreadsheet(double horizon, int terms)
    {
        var (r, alpha, a, b) = (Fitted.R, Fitted.Alpha, Fitted.A, Fitted.B);
        var (sum, term) = (0.0, 1.0);
        for (var k = 0; k <= terms; k++)
        {
            sum += term;
            term *= (r + k) * (b + k) / ((a + b - 1 + k) * (k + 1)) * horizon / (alpha + horizon);
        }

        return (a + b - 1) / (a - 1) * (1 - (Math.Pow(alpha / (alpha + horizon), r) * sum));
    }
}
