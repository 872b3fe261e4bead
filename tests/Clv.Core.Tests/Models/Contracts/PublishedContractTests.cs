using Clv.Core.Models.Contracts;

namespace Clv.Core.Tests.Models.Contracts;

/// <summary>
/// The figures of Fader and Hardie (2007), Journal of Interactive Marketing 21(1), fitted to the years 0 to 7; the discounted tenures are those
/// of Fader and Hardie (2010), Marketing Science 29(1), at 10 %.
/// </summary>
public class PublishedContractTests
{
    [Theory]
    [InlineData("regular", 0.7041, 1.1820, -1680.2652, new[] { 0.2201, 0.2044, 0.1912, 0.1799, 0.1700 })]
    [InlineData("highend", 0.6681, 3.8061, -1611.1581, new[] { 0.4604, 0.4358, 0.4142, 0.3951, 0.3780 })]
    public void ShiftedBetaGeometric_PublishedSegments_MatchesToThePrintedDigits(
        string segment, double alpha, double beta, double logLikelihood, double[] survival)
    {
        var fit = ContractFit.ShiftedBetaGeometric(Retention.Through(segment, 7));

        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        Assert.Equal(1000, fit.Customers);
        Assert.Equal(alpha, fit.Model!.Alpha, 0.00005);
        Assert.Equal(beta, fit.Model.Beta, 0.00005);
        Assert.Equal(logLikelihood, fit.LogLikelihood!.Value, 0.00005);
        for (var i = 0; i < survival.Length; i++)
        {
            Assert.Equal(survival[i], fit.Model.Survival(8 + i), 0.00005);
        }
    }

    /// <summary>The residual figures are for contracts in their period 1 to 5, that is with 0 to 4 renewals.</summary>
    [Theory]
    [InlineData("regular", 3.6949, new[] { 2.9644, 4.1031, 4.8698, 5.4421, 5.8941 })]
    [InlineData("highend", 5.9223, new[] { 5.4145, 5.9014, 6.2939, 6.6199, 6.8967 })]
    public void DiscountedTenure_TenPercent_MatchesToThePrintedDigits(string segment, double fresh, double[] residual)
    {
        var model = ContractFit.ShiftedBetaGeometric(Retention.Through(segment, 7)).Model!;

        Assert.Equal(fresh, model.DiscountedTenure(0.1), 0.00005);
        for (var renewals = 0; renewals < residual.Length; renewals++)
        {
            Assert.Equal(residual[renewals], model.DiscountedResidualTenure(renewals, 0.1), 0.00005);
        }
    }

    /// <summary>What the third parameter earns: closer on years that neither model saw, from five years of data and from seven.</summary>
    [Theory]
    [InlineData("regular", 5, 7.82, 1.17)]
    [InlineData("regular", 7, 2.88, 2.56)]
    [InlineData("highend", 5, 32.47, 2.54)]
    [InlineData("highend", 7, 11.91, 5.20)]
    public void BetaDiscreteWeibull_HeldOutYears_ProjectsCloser(string segment, int last, double geometricError, double weibullError)
    {
        var active = Retention.Active(segment);
        var data = Retention.Through(segment, last);
        var geometric = ContractFit.ShiftedBetaGeometric(data);
        var weibull = ContractFit.BetaDiscreteWeibull(data);
        Assert.True(weibull.Converged, weibull.Reason);
        Assert.Equal(weibull.Starts, weibull.StartsAgreeing);
        double Error(IContractModel model) => Enumerable.Range(last + 1, 12 - last).Average(n => Math.Abs((1000 * model.Survival(n)) - active[n]));

        Assert.Equal(geometricError, Error(geometric.Model!), 0.005);
        Assert.Equal(weibullError, Error(weibull.Model!), 0.005);
        Assert.True(weibull.LogLikelihood > geometric.LogLikelihood);
    }
}
