namespace Clv.Core.Models.Contracts;

/// <summary>
/// The beta-discrete-Weibull model: a contract lasts to age t with probability <c>(1 - theta)^(t^c)</c>, theta beta-distributed over
/// contracts. With c above 1 the single contract becomes more likely to be lost as it ages, with c below 1 less; c = 1 is the
/// <see cref="ShiftedBetaGeometric"/>.
/// </summary>
/// <remarks>
/// Fader, Hardie, Liu, Davin and Steenburgh (2018), "'How to Project Customer Retention' Revisited: The Role of Duration Dependence",
/// Journal of Interactive Marketing 43. Formulas as computed here: docs/models/bdw.md.
/// </remarks>
public sealed record BetaDiscreteWeibull : IContractModel
{
    private readonly SurvivalCurve _curve;

    /// <summary>A model at the given parameters.</summary>
    /// <param name="alpha">First shape of the beta distribution of theta, above 0.</param>
    /// <param name="beta">Second shape, above 0; at the first renewal <c>alpha / (alpha + beta)</c> of the contracts are lost.</param>
    /// <param name="c">Duration dependence of the single contract, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a finite number above zero.</exception>
    public BetaDiscreteWeibull(double alpha, double beta, double c)
    {
        Alpha = Guard.Positive(alpha);
        Beta = Guard.Positive(beta);
        C = Guard.Positive(c);
        _curve = new SurvivalCurve(alpha, beta, c);
    }

    /// <summary>First shape of the beta distribution of theta.</summary>
    public double Alpha { get; }

    /// <summary>Second shape of the beta distribution of theta.</summary>
    public double Beta { get; }

    /// <summary>Duration dependence of the single contract; 1 for none.</summary>
    public double C { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("alpha", Alpha), new("beta", Beta), new("c", C)];

    /// <inheritdoc/>
    public double Survival(int renewals) => Survival(0, renewals);

    /// <inheritdoc/>
    public double Survival(int renewals, int further) => _curve.Survival(renewals, further);

    /// <inheritdoc/>
    public double RenewalProbability(int renewals) => _curve.Renewal(renewals);

    /// <inheritdoc/>
    public void RenewalDistribution(int renewals, Span<double> probabilities) => _curve.Distribution(renewals, probabilities);

    /// <inheritdoc/>
    /// <remarks>At a rate of 0 finite where <c>c alpha</c> exceeds 1.</remarks>
    public double DiscountedTenure(double periodRate, int? periods = null) => DiscountedSurvival.Tenure(_curve, periodRate, periods);

    /// <inheritdoc/>
    public double DiscountedResidualTenure(int renewals, double periodRate, int? periods = null) =>
        DiscountedSurvival.Residual(_curve, renewals, periodRate, periods);

    /// <inheritdoc/>
    public double LogLikelihood(int renewals, bool lost) => _curve.LogLikelihood(renewals, lost);

    /// <inheritdoc/>
    public int NextRenewals(SeededRandom random, int renewals = 0) => _curve.Next(random, renewals);
}
