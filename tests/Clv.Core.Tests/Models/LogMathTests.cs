using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

public class LogMathTests
{
    /// <summary>Values in fifty-digit arithmetic.</summary>
    [Theory]
    [InlineData(1e-18, 1.0e-18, 1.0e-18)]
    [InlineData(-3e-9, -2.9999999955e-9, -3.0000000045e-9)]
    [InlineData(0.000123, 0.00012300756481015404, 0.00012299243612023178)]
    [InlineData(0.0707945784384138, 0.07336071178639885, 0.068400969556746994)]
    [InlineData(-0.3, -0.25918177931828213, -0.35667494393873238)]
    [InlineData(0.69, 0.99371553324308233, 0.5247285289349821)]
    [InlineData(0.71, 1.0339912586467506, 0.53649337051456847)]
    [InlineData(-0.9, -0.59343034025940089, -2.3025850929940457)]
    public void Expm1AndLog1p_FiftyDigits_Agree(double x, double expm1, double log1p)
    {
        Assert.Equal(1, LogMath.Expm1(x) / expm1, 1e-15);
        Assert.Equal(1, LogMath.Log1p(x) / log1p, 1e-15);
    }

    [Theory]
    [InlineData(0.001, 1000001.6425331959)]
    [InlineData(0.3, 12.24536454610773)]
    [InlineData(1, 1.6449340668482264)]
    [InlineData(7.5, 0.1426158966967038)]
    [InlineData(12, 0.086901872871768391)]
    [InlineData(1000, 0.0010005001666666333)]
    [InlineData(1e8, 1.000000005e-8)]
    public void Trigamma_FiftyDigits_Agrees(double x, double expected) => Assert.Equal(1, LogMath.Trigamma(x) / expected, 1e-14);

    [Fact]
    public void Softplus_Extremes_DoesNotOverflow()
    {
        Assert.Equal(1e6, LogMath.Softplus(1e6));
        Assert.Equal(0, LogMath.Softplus(-1e6));
        Assert.Equal(Math.Log(2), LogMath.Softplus(0), 1e-15);
    }
}
