namespace Clv.Core.Models;

/// <summary>
/// The modified beta-geometric/condensed-NBD model of regular buyers: the time between two purchases is the sum of k exponential stages, and
/// after every purchase, the first one included, the customer drops out with a beta-distributed probability. With k = 1 it is <see cref="MbgNbd"/>.
/// </summary>
/// <remarks>
/// Reutterer, Platzer and Schroeder (2021), Leveraging purchase regularity for predicting customer behavior the easy way, International
/// Journal of Research in Marketing 38(1). Formulas as computed here: docs/models/cnbd-k.md. <see cref="BetaGeometricModel.LogLikelihood"/> leaves out the one factor that
/// needs more than x, tx and T: the product of all gaps to the power k - 1.
/// </remarks>
public sealed record MbgCnbd : BetaGeometricModel
{
    /// <summary>A model at the given parameters.</summary>
    /// <param name="k">Stages between two purchases, 1 to <see cref="CnbdFit.HighestK"/>; the more, the more regular.</param>
    /// <param name="r">Shape of the gamma distribution of the rate of a stage, above 0.</param>
    /// <param name="alpha">
    /// Its rate parameter in weeks, above 0; the mean rate of a stage is <c>r / alpha</c> a week and that of purchases <c>r / (k alpha)</c>.
    /// </param>
    /// <param name="a">First shape of the dropout probability's beta distribution, above 0.</param>
    /// <param name="b">Second shape, above 0; the mean dropout probability is <c>a / (a + b)</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// k is out of range, or another parameter is not a finite number above zero.
    /// </exception>
    public MbgCnbd(int k, double r, double alpha, double a, double b)
        : base(k, r, alpha, a, b, modified: true)
    {
    }

    /// <summary>Stages between two purchases: the degree of regularity.</summary>
    public int K => Stages;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("k", K), .. base.Parameters];
}
