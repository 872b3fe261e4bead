using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>The estimates of the papers and of independent programs, to four significant digits.</summary>
public class PublishedFitTests
{
    [Theory]
    [InlineData("cdnow_sample_tx.csv", 2357, -9582.429, new[] { 0.242594, 4.413602, 0.792920, 2.425888 })]
    [InlineData("cdnow_master_tx.csv", 23570, -95368.444, new[] { 0.251624, 4.78895, 0.72343, 2.16108 })]
    public void Run_CdnowHistories_MatchesPublishedBgNbd(string file, long customers, double logLikelihood, double[] parameters)
    {
        var fit = BgNbdFit.Run(Cdnow.Load(file).Histories, null, null);

        Assert.Equal(customers, fit.Customers);
        AssertPublished(fit, logLikelihood, parameters);
    }

    [Theory]
    [InlineData("cdnow_sample_tx.csv", -9582.136, new[] { 0.52484, 6.1831, 0.8914, 1.6140 })]
    [InlineData("cdnow_master_tx.csv", -95336.958, new[] { 0.63713, 7.31023, 0.80749, 1.22844 })]
    public void Run_CdnowHistories_MatchesPublishedMbgNbd(string file, double logLikelihood, double[] parameters) =>
        AssertPublished(MbgNbdFit.Run(Cdnow.Load(file).Histories), logLikelihood, parameters);

    [Theory]
    [InlineData("cdnow_sample_tx.csv", 946, -4055.92, new[] { 6.2493, 3.7443, 15.4443 })]
    [InlineData("cdnow_master_tx.csv", 9450, -40763.48, new[] { 6.27534, 3.62444, 14.9837 })]
    public void Run_CdnowSpend_MatchesPublishedGammaGamma(string file, long customers, double logLikelihood, double[] parameters)
    {
        var fit = GammaGammaFit.Run(Cdnow.Load(file).Spend, null, null);

        Assert.Equal(customers, fit.Customers);
        AssertPublished(fit, logLikelihood, parameters);
    }

    [Fact]
    public void Build_CdnowSample_CountsWhatThePaperCounts()
    {
        var data = Cdnow.Load("cdnow_sample_tx.csv").Histories;

        Assert.Equal(2357, data.Customers);
        Assert.Equal(2457, data.RepeatOccasions);
        Assert.Equal(946, data.Repeaters);
    }

    private static void AssertPublished<TModel>(ModelFit<TModel> fit, double logLikelihood, double[] parameters)
        where TModel : class
    {
        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        Assert.Equal(logLikelihood, fit.LogLikelihood!.Value, 0.01);
        Assert.InRange(fit.GradientNorm!.Value, 0, 1e-9);
        for (var i = 0; i < parameters.Length; i++)
        {
            Assert.InRange(fit.Parameters[i].Estimate, parameters[i] * (1 - 1e-4), parameters[i] * (1 + 1e-4));
            Assert.InRange(fit.Parameters[i].StandardError!.Value, 0.005 * parameters[i], 0.4 * parameters[i]);
        }
    }
}
