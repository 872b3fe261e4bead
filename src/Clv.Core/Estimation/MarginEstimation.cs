using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>
/// Estimates <see cref="MarginRates"/>: over customers, the squared distance of the own share from everybody's is the variance between
/// customers plus that within one, over the amount: a straight line in 1 / amount. Not safe for use from several threads at once.
/// </summary>
public sealed class MarginEstimation
{
    /// <summary>A strength that no amount of money comes near.</summary>
    private const double Everybody = 1e15;

    private Money _margin;
    private Money _amount;
    private double _customers;
    private double _x;
    private double _xx;
    private double _share;
    private double _shareSquared;
    private double _shareX;
    private double _shareSquaredX;

    /// <summary>Adds a customer; one without rows of known margin and a positive amount says nothing.</summary>
    public void Add(in CustomerSummary summary)
    {
        if (summary.AmountWithMargin.Micros <= 0)
        {
            return;
        }

        _margin += summary.MarginTotal;
        _amount += summary.AmountWithMargin;
        var x = 1 / summary.AmountWithMargin.ToDouble();
        var share = summary.MarginTotal.ToDouble() * x;
        _customers++;
        _x += x;
        _xx += x * x;
        _share += share;
        _shareSquared += share * share;
        _shareX += share * x;
        _shareSquaredX += share * share * x;
    }

    /// <summary>The rates; null when no row had a margin.</summary>
    public MarginRates? Rates()
    {
        if (_customers == 0)
        {
            return null;
        }

        var overall = _margin.ToDouble() / _amount.ToDouble();
        var (meanX, n) = (_x / _customers, _customers);
        var distance = (_shareSquared - (2 * overall * _share)) / n + (overall * overall);
        var distanceX = (_shareSquaredX - (2 * overall * _shareX) + (overall * overall * _x)) / n;
        var spread = (_xx / n) - (meanX * meanX);
        var within = spread > 1e-12 * meanX * meanX ? Math.Clamp((distanceX - (distance * meanX)) / spread, 0, Math.Max(0, distance) / meanX) : 0;
        var between = Math.Max(0, distance - (within * meanX));
        return new MarginRates(overall, between <= 1e-12 ? Everybody : Math.Min(Everybody, within / between));
    }
}
