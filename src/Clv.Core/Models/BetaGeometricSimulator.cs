namespace Clv.Core.Models;

/// <summary>Draws customers who behave as a <see cref="BetaGeometricModel"/> says.</summary>
/// <param name="model">How customers behave.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class BetaGeometricSimulator(BetaGeometricModel model, SeededRandom random) : ITransactionSimulator
{
    private double[] _times = new double[64];

    /// <inheritdoc/>
    public ReadOnlySpan<double> NextCustomer(double age)
    {
        Guard.NotNegative(age);
        var rate = random.NextGamma(model.R) / model.Alpha;
        var dropout = random.NextBeta(model.A, model.B);
        if (model.Chances > 0 && random.NextDouble() < dropout)
        {
            return [];
        }

        var time = 0.0;
        var length = 0;
        // A rate of 0 makes the first gap infinite.
        while ((time += Gap() / rate) <= age)
        {
            if (length == _times.Length)
            {
                Array.Resize(ref _times, length * 2);
            }

            _times[length++] = time;
            if (random.NextDouble() < dropout)
            {
                break;
            }
        }

        return _times.AsSpan(0, length);
    }

    /// <summary>A gap in units of a stage's mean.</summary>
    private double Gap()
    {
        var gap = random.NextExponential();
        for (var stage = 1; stage < model.Stages; stage++)
        {
            gap += random.NextExponential();
        }

        return gap;
    }
}
