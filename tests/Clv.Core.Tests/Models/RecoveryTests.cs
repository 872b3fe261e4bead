using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>A fit finds the parameters that customers were simulated with.</summary>
public class RecoveryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Run_FiftyThousandCustomers_RecoversWithinThreeStandardErrors(ulong seed)
    {
        var (histories, spend) = Simulated.Customers(50_000, seed);

        AssertRecovered(BgNbdFit.Run(histories), [Simulated.Buying.R, Simulated.Buying.Alpha, Simulated.Buying.A, Simulated.Buying.B]);
        AssertRecovered(GammaGammaFit.Run(spend), [Simulated.Spending.P, Simulated.Spending.Q, Simulated.Spending.V]);
    }

    [Fact]
    public void Run_EvenBuyers_RecoversWithinThreeStandardErrors()
    {
        var model = new BgNbd(2, 30, 1.3, 4);

        AssertRecovered(BgNbdFit.Run(Simulated.Customers(50_000, 5, model).Histories), [2, 30, 1.3, 4]);
    }

    private static void AssertRecovered<TModel>(ModelFit<TModel> fit, double[] expected)
        where TModel : class
    {
        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        for (var i = 0; i < expected.Length; i++)
        {
            var (name, estimate, error) = (fit.Parameters[i].Name, fit.Parameters[i].Estimate, fit.Parameters[i].StandardError!.Value);
            Assert.True(Math.Abs(estimate - expected[i]) < 3 * error, $"{name}: {estimate} against {expected[i]}, standard error {error}");
        }
    }
}
