namespace Clv.Core.Models.Contracts;

/// <summary>
/// The shifted beta-geometric model: a contract is lost at every renewal with the same probability theta, and theta is beta-distributed over
/// contracts. Retention rises with age because those who leave early leave early.
/// </summary>
/// <remarks>
/// Fader and Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21(1). Formulas as computed here:
/// docs/models/sbg.md.
/// </remarks>
public sealed record ShiftedBetaGeometric : IContractModel
{
    private readonly SurvivalCurve _curve;

    /// <summary>A model at the given parameters.</summary>
    /// <param name="alpha">First shape of the beta distribution of the probability of loss, above 0.</param>
    /// <param name="beta">Second shape, above 0; at the first renewal <c>alpha / (alpha + beta)</c> of the contracts are lost.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a finite number above zero.</exception>
    public ShiftedBetaGeometric(double alpha, double beta)
    {
        Alpha = Guard.Positive(alpha);
        Beta = Guard.Positive(beta);
        _curve = new SurvivalCurve(alpha, beta, 1);
    }

    /// <summary>First shape of the beta distribution of the probability of loss.</summary>
    public double Alpha { get; }

    /// <summary>Second shape of the beta distribution of the probability of loss.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("alpha", Alpha), new("beta", Beta)];

    /// <inheritdoc/>
    public double Survival(int renewals) => Survival(0, renewals);

    /// <inheritdoc/>
    public double Survival(int renewals, int further) => _curve.Survival(renewals, further);

    /// <inheritdoc/>
    public double RenewalProbability(int renewals) => _curve.Renewal(renewals);

    /// <inheritdoc/>
    public void RenewalDistribution(int renewals, Span<double> probabilities) => _curve.Distribution(renewals, probabilities);

    /// <inheritdoc/>
    /// <remarks>The paper's hypergeometric form summed without it; at a rate of 0 finite where alpha exceeds 1.</remarks>
    public double DiscountedTenure(double periodRate, int? periods = null) => DiscountedSurvival.Tenure(_curve, periodRate, periods);

    /// <inheritdoc/>
    public double DiscountedResidualTenure(int renewals, double periodRate, int? periods = null) =>
        DiscountedSurvival.Residual(_curve, renewals, periodRate, periods);

    /// <inheritdoc/>
    public double LogLikelihood(int renewals, bool lost) => _curve.LogLikelihood(renewals, lost);

    /// <inheritdoc/>
    public int NextRenewals(SeededRandom random, int renewals = 0) => _curve.Next(random, renewals);
}
