using System.Runtime.InteropServices;

namespace Clv.Core.Models;

/// <summary>
/// How far a living customer of a CNBD-k model has come towards the next purchase: which of the k stages is under way, judged from the
/// silence since the last purchase.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ErlangStages
{
    private readonly double[] _chance;
    private readonly double _rho;

    public ErlangStages(BetaGeometricModel model, int x, double tx, double T)
    {
        // With the rate integrated out, j completed stages weigh (rho)_j / j! z^j, and the rate is then gamma(rho + j, alpha + T).
        _rho = model.R + ((double)model.Stages * x);
        _chance = new double[model.Stages];
        var silence = (T - tx) / (model.Alpha + T);
        var (weight, total) = (1.0, 0.0);
        for (var j = 0; j < _chance.Length; j++)
        {
            _chance[j] = weight;
            total += weight;
            weight *= silence * (_rho + j) / (j + 1);
        }

        for (var j = 0; j < _chance.Length; j++)
        {
            _chance[j] /= total;
        }

        LogTotal = Math.Log(total);
    }

    /// <summary>ln of the sum of the weights: what k stages instead of one add to the likelihood of silence.</summary>
    public double LogTotal { get; }

    /// <summary>The probability of j completed stages.</summary>
    public ReadOnlySpan<double> Chance => _chance;

    /// <summary>
    /// The distribution of the purchases that a customer who never leaves completes in the odds tau = t / (alpha + T), and the
    /// probabilities of at least so many.
    /// </summary>
    public void Completed(double tau, Span<double> exactly, out double[] atLeast)
    {
        var k = _chance.Length;
        atLeast = new double[exactly.Length];
        exactly.Clear();
        var stages = new double[exactly.Length * k];
        var tails = new double[stages.Length];
        for (var j = 0; j < k; j++)
        {
            NegativeBinomial.Fill(_rho + j, tau, stages, tails);
            for (var n = 0; n < exactly.Length; n++)
            {
                // n purchases take n k - j more stages, and leave up to k - 1 over.
                var first = Math.Max(0, (n * k) - j);
                atLeast[n] += _chance[j] * tails[first];
                for (var stage = first; stage < ((n + 1) * k) - j; stage++)
                {
                    exactly[n] += _chance[j] * stages[stage];
                }
            }
        }
    }
}
