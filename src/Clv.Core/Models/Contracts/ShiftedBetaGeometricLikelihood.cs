namespace Clv.Core.Models.Contracts;

/// <summary>
/// The log-likelihood of a <see cref="ShiftedBetaGeometric"/> with its analytic derivatives in (alpha, beta). Every renewal is one coin: a
/// contract of age n is renewed with probability (beta + n) / (alpha + beta + n).
/// </summary>
internal sealed class ShiftedBetaGeometricLikelihood(GroupedContracts data) : IMeanLogLikelihood
{
    public long Customers => data.Contracts;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var (alpha, beta) = (parameters[0], parameters[1]);
        double value = 0, overAlpha = 0, overBeta = 0, alphaAlpha = 0, alphaBeta = 0, betaBeta = 0;
        for (var n = 0; n < data.Ages; n++)
        {
            double renewed = data.RenewedAt[n];
            double lost = data.LostAt[n];
            var (stay, leave, both) = (1 / (beta + n), 1 / alpha, 1 / (alpha + beta + n));
            value += (lost * Math.Log(alpha * both)) - (renewed * LogMath.Log1p(alpha * stay));
            overAlpha += (lost * leave) - ((lost + renewed) * both);
            overBeta += (renewed * stay) - ((lost + renewed) * both);
            var bend = (lost + renewed) * both * both;
            alphaAlpha += bend - (lost * leave * leave);
            alphaBeta += bend;
            betaBeta += bend - (renewed * stay * stay);
        }

        var scale = 1.0 / data.Contracts;
        (gradient[0], gradient[1]) = (overAlpha * scale, overBeta * scale);
        (hessian[0], hessian[1], hessian[3]) = (alphaAlpha * scale, alphaBeta * scale, betaBeta * scale);
        return value * scale;
    }
}
