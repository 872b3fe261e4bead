namespace Clv.Core.Models;

/// <summary>Draws customers who behave as a <see cref="BgNbd"/> says.</summary>
/// <param name="model">How customers behave.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class BgNbdSimulator(BgNbd model, SeededRandom random) : ITransactionSimulator
{
    private double[] _times = new double[64];

    /// <inheritdoc/>
    public ReadOnlySpan<double> NextCustomer(double age)
    {
        Guard.NotNegative(age);
        var rate = random.NextGamma(model.R) / model.Alpha;
        var dropout = random.NextBeta(model.A, model.B);
        var time = 0.0;
        var length = 0;
        // A rate of 0 makes the first gap infinite.
        while ((time += random.NextExponential() / rate) <= age)
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
}
