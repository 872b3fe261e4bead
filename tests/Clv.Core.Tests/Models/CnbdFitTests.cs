using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>The fits of regular buyers: the degree of regularity is found, and what cannot be told is refused.</summary>
public class CnbdFitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void RunMbg_SimulatedCustomers_FindsKAndTheParameters(int k)
    {
        var truth = new MbgCnbd(k, 1.5, 20.0 / k, 0.9, 6);
        var fit = CnbdFit.RunMbg(Simulated.Histories(truth, 30_000, 41, regular: true));

        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(k, fit.Model!.K);
        AssertRecovered(fit, truth);
    }

    [Fact]
    public void RunBg_SimulatedCustomers_FindsKAndTheParameters()
    {
        var truth = new BgCnbd(3, 1.5, 20.0 / 3, 0.9, 6);
        var fit = CnbdFit.RunBg(Simulated.Histories(truth, 30_000, 42, regular: true));

        Assert.Equal(3, fit.Model!.K);
        AssertRecovered(fit, truth);
    }

    [Fact]
    public void RunMbg_OtherModelsCustomers_LosesToTheTrueOne()
    {
        var data = Simulated.Histories(new MbgCnbd(2, 1.5, 10, 0.9, 6), 30_000, 43, regular: true);

        Assert.True(CnbdFit.RunMbg(data).LogLikelihood > CnbdFit.RunBg(data).LogLikelihood + 100);
        Assert.True(CnbdFit.RunMbg(data).LogLikelihood > MbgNbdFit.Run(data).LogLikelihood + 100);
    }

    [Fact]
    public void Run_OneStageIsBest_IsTheFitOfRandomBuyers()
    {
        var data = Simulated.Histories(Simulated.Buying, 10_000, 44, regular: true);

        var (fit, plain) = (CnbdFit.RunBg(data), BgNbdFit.Run(data));

        Assert.Equal(1, fit.Model!.K);
        Assert.Equal(plain.Parameters, fit.Parameters);
        Assert.Equal(plain.LogLikelihood, fit.LogLikelihood);
    }

    [Fact]
    public void Run_OneThreadOrMore_GivesTheSameBits()
    {
        var data = Simulated.Histories(new MbgCnbd(2, 1.5, 10, 0.9, 6), 30_000, 45, regular: true);
        Assert.True(data.GroupCount > 2 * 8192, $"{data.GroupCount} groups");

        var one = CnbdFit.RunMbg(data, null, new FitOptions { MaxDegreeOfParallelism = 1 });
        var two = CnbdFit.RunMbg(data, one.Model, new FitOptions { MaxDegreeOfParallelism = 2 });
        var cold = CnbdFit.RunMbg(data, null, new FitOptions { MaxDegreeOfParallelism = 2 });

        Assert.Equal(one.Parameters, cold.Parameters);
        Assert.Equal(one.LogCovariance, cold.LogCovariance);
        Assert.Equal(one.LogLikelihood, cold.LogLikelihood);
        Assert.Equal(one.Model!.Alpha, two.Model!.Alpha, 1e-6);
    }

    [Fact]
    public void Run_GapsNotKnown_IsRefused()
    {
        var fit = CnbdFit.RunMbg(Simulated.Customers(2000, 46).Histories);

        Assert.Equal(FitVerdict.TooLittleData, fit.Verdict);
        Assert.Null(fit.Model);
        Assert.Contains("regular", fit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FromItsParameters_IsTheSameModel()
    {
        var models = new (string Id, ITransactionModel Model)[]
        {
            ("bg-nbd", new BgNbd(1, 2, 3, 4)), ("mbg-nbd", new MbgNbd(1, 2, 3, 4)), ("bg-cnbd-k", new BgCnbd(5, 1, 2, 3, 4)), ("mbg-cnbd-k", new MbgCnbd(6, 1, 2, 3, 4)),
        };
        foreach (var (id, model) in models)
        {
            Assert.Equal(model, TransactionModels.Find(id).Create(model.Parameters.ToDictionary()));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(CnbdFit.HighestK + 1)]
    public void Constructor_ImpossibleK_Throws(int k) => Assert.Throws<ArgumentOutOfRangeException>(() => new BgCnbd(k, 1, 1, 1, 1));

    private static void AssertRecovered<TModel>(ModelFit<TModel> fit, BetaGeometricModel truth)
        where TModel : class
    {
        var expected = new[] { truth.R, truth.Alpha, truth.A, truth.B };
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        for (var i = 0; i < 4; i++)
        {
            var (name, estimate, error) = (fit.Parameters[i].Name, fit.Parameters[i].Estimate, fit.Parameters[i].StandardError!.Value);
            Assert.True(Math.Abs(estimate - expected[i]) < 3.5 * error, $"{name}: {estimate} against {expected[i]}, standard error {error}");
        }
    }
}
