using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>
/// Estimates a <see cref="ShrunkShare"/> by two moments: with wholes w and shares s, the sums of w^2 (s - overall)^2 and of w^3 (s - overall)^2
/// are those that a variance between customers and one within, over w, give. A tiny whole with an absurd share has next to no weight in
/// either. Not safe for use from several threads at once.
/// </summary>
public sealed class ShareEstimation
{
    /// <summary>A strength that no whole comes near.</summary>
    private const double Everybody = 1e15;

    private double _whole;
    private double _wholeSquared;
    private double _wholeCubed;
    private double _part;
    private double _partSquared;
    private double _partSquaredTimesWhole;
    private double _partTimesWhole;
    private double _partTimesWholeSquared;
    private bool _differs;

    /// <summary>Adds a customer; one without a positive whole says nothing.</summary>
    public void Add(double part, double whole)
    {
        if (!(whole > 0))
        {
            return;
        }

        _whole += whole;
        _wholeSquared += whole * whole;
        _wholeCubed += whole * whole * whole;
        _part += part;
        _partSquared += part * part;
        _partSquaredTimesWhole += part * part * whole;
        _partTimesWhole += part * whole;
        _partTimesWholeSquared += part * whole * whole;
        _differs |= part != whole;
    }

    /// <summary>The share; null when nobody was added.</summary>
    public ShrunkShare? Share()
    {
        if (_whole == 0)
        {
            return null;
        }

        var overall = _part / _whole;
        var first = Math.Max(0, _partSquared - (2 * overall * _partTimesWhole) + (overall * overall * _wholeSquared));
        var second = Math.Max(0, _partSquaredTimesWhole - (2 * overall * _partTimesWholeSquared) + (overall * overall * _wholeCubed));
        var spread = (_whole * _wholeCubed) - (_wholeSquared * _wholeSquared);
        // Where all wholes are alike the two variances cannot be told apart and are taken for equal.
        var between = spread > 1e-9 * _whole * _wholeCubed
            ? Math.Max(0, ((_whole * second) - (_wholeSquared * first)) / spread)
            : first / _wholeSquared / 2;
        var within = Math.Max(0, (first - (between * _wholeSquared)) / _whole);
        return new ShrunkShare(Rounded(overall, 9), between <= 1e-12 ? Everybody : Math.Min(Everybody, Rounded(within / between, 6)));
    }

    /// <summary>The share; null also when everybody's part is the whole.</summary>
    public ShrunkShare? ShareUnlessAll() => _differs ? Share() : null;

    /// <summary>The order of the customers changes the last bits of the sums; it must not change the share.</summary>
    private static double Rounded(double value, int digits)
    {
        if (value == 0)
        {
            return 0;
        }

        var scale = Math.Pow(10, digits - Math.Ceiling(Math.Log10(Math.Abs(value))));
        return Math.Round(value * scale) / scale;
    }
}
