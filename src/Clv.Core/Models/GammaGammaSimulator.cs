namespace Clv.Core.Models;

/// <summary>
/// Draws values per occasion as a <see cref="GammaGamma"/> says, without allocating. Not safe for use from several threads at once.
/// </summary>
public sealed class GammaGammaSimulator
{
    private readonly GammaGamma _model;
    private readonly SeededRandom _random;
    private double _scale;

    /// <summary>
    /// A simulator that takes its randomness from a generator of the caller's, who may share or restart it; the first customer is drawn.
    /// </summary>
    /// <param name="model">How customers spend.</param>
    /// <param name="random">Where chance comes from.</param>
    public GammaGammaSimulator(GammaGamma model, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(random);
        _model = model;
        _random = random;
        NextCustomer();
    }

    /// <summary>Goes to a new customer.</summary>
    public void NextCustomer() => _scale = _model.V / _random.NextGamma(_model.Q);

    /// <summary>
    /// The value of the customer's next occasion, in the model's currency, not rounded; above 0 but for shapes so small that it rounds to
    /// 0.
    /// </summary>
    public double NextValue() => _scale * _random.NextGamma(_model.P);
}
