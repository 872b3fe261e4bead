namespace Clv.Core.Models;

/// <summary>Draws customers who buy at a constant rate until they leave.</summary>
/// <param name="random">Where chance comes from.</param>
/// <param name="draw">Draws one customer's rate a week and lifetime in weeks, from the same source.</param>
internal sealed class PoissonBuyingSimulator(SeededRandom random, Func<(double Rate, double Lifetime)> draw) : ITransactionSimulator
{
    private double[] _times = new double[64];

    /// <inheritdoc/>
    public ReadOnlySpan<double> NextCustomer(double age)
    {
        Guard.NotNegative(age);
        var (rate, lifetime) = draw();
        var end = Math.Min(age, lifetime);
        var time = 0.0;
        var length = 0;
        // A rate of 0 makes the first gap infinite.
        while ((time += random.NextExponential() / rate) <= end)
        {
            if (length == _times.Length)
            {
                Array.Resize(ref _times, length * 2);
            }

            _times[length++] = time;
        }

        return _times.AsSpan(0, length);
    }
}
