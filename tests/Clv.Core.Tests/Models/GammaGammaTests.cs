using Clv.Core.Models;
using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Clv.Core.Tests.Models;

public class GammaGammaTests
{
    /// <summary>The rounded parameters of the note.</summary>
    private static readonly GammaGamma Note = new(6.25, 3.74, 15.44);

    /// <summary>CDNOW customers 1-10: repeat occasions and their mean value; 0 where there are none.</summary>
    [Theory]
    [InlineData(2, 22.35, 24.65)]
    [InlineData(1, 11.77, 18.91)]
    [InlineData(0, 0, 35.22)]
    [InlineData(7, 73.74, 71.46)]
    [InlineData(2, 25.55, 27.28)]
    public void ExpectedValue_CdnowCustomer_IsPublished(int count, double mean, double expected) =>
        Assert.Equal(expected, Note.ExpectedValue(count, mean), 0.05);

    [Fact]
    public void PopulationMean_Note_IsPublished() => Assert.Equal(35.219, Note.PopulationMean, 5e-4);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 35)]
    [InlineData(40, 60)]
    public void LogLikelihood_MixtureOverRates_Agrees(int count, double mean)
    {
        // The definition: the mean of n gamma values at rate nu, over nu ~ gamma(q, v).
        double Density(double logNu)
        {
            var nu = Math.Exp(logNu);
            var shape = Note.P * count;
            var spend = (shape * Math.Log(nu * count)) + ((shape - 1) * Math.Log(mean)) - (nu * count * mean) - SpecialFunctions.GammaLn(shape);
            var rate = (Note.Q * Math.Log(Note.V)) + (Note.Q * logNu) - (Note.V * nu) - SpecialFunctions.GammaLn(Note.Q);
            return Math.Exp(spend + rate);
        }

        var expected = Enumerable.Range(-60, 120).Sum(i => GaussLegendreRule.Integrate(Density, i / 4.0, (i + 1) / 4.0, 20));

        Assert.Equal(Math.Log(expected), Note.LogLikelihood(count, mean), 1e-9);
    }

    [Theory]
    [InlineData(1, 1e-9)]
    [InlineData(1, 1e300)]
    [InlineData(20_000, 1e9)]
    [InlineData(int.MaxValue, 1)]
    public void EveryMember_ExtremeSpend_IsFinite(int count, double mean)
    {
        Assert.True(double.IsFinite(Note.LogLikelihood(count, mean)));
        Assert.True(double.IsFinite(Note.ExpectedValue(count, mean)));
    }

    [Theory]
    [InlineData(0, 2, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(1, 2, double.PositiveInfinity)]
    public void Constructor_ImpossibleParameter_Throws(double p, double q, double v) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GammaGamma(p, q, v));

    // Shapes p occasions and q + p count from 1 to 100,000, totals far into both tails, against the incomplete beta function.
    [Fact]
    public void TotalProbability_AnyShapes_IsWithinTheStatedBound()
    {
        foreach (var p in (double[])[1, 2, 2.99, 3, 3.5, 5, 8, 64, 1000, 100_000])
        {
            foreach (var q in (double[])[1.01, 2, 2.99, 3, 3.5, 5, 8, 64, 1000, 100_000])
            {
                var model = new GammaGamma(p, q, 20);
                for (var i = -80; i <= 80; i++)
                {
                    var odds = p / q * Math.Exp(i / (10 * Math.Sqrt(Math.Min(p, q))));
                    Assert.Equal(SpecialFunctions.BetaRegularized(p, q, odds / (1 + odds)), model.TotalProbability(0, 0, 1, 20 * odds), .0022);
                }
            }
        }
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, double.NaN)]
    public void ExpectedValue_ImpossibleSpend_Throws(int count, double mean) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Note.ExpectedValue(count, mean));
}
