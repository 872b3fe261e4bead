namespace Clv.Core.Models.Covariates;

/// <summary>
/// Mean and spread of each covariate over customers. The search runs in covariates of mean 0 and variance 1, which makes it free of their
/// units and of where their zero is.
/// </summary>
internal sealed class CovariateScale
{
    /// <summary>The share of a covariate's variance that the others have to leave unexplained.</summary>
    private const double LeastOwnVariance = 1e-9;

    /// <summary>A spread below this part of a covariate's size is rounding.</summary>
    private const double LeastSpread = 1e-12;

    private readonly double[] _mean;
    private readonly double[] _spread;

    public CovariateScale(CovariateHistories data)
    {
        var k = data.Names.Count;
        var customers = new double[data.Profiles.Count];
        foreach (var row in data.Rows)
        {
            customers[row.Profile] += row.Count;
        }

        _mean = new double[k];
        _spread = new double[k];
        Profiles = new double[data.Profiles.Count][];
        for (var j = 0; j < k; j++)
        {
            // Against the first value, so that a common offset costs no digits.
            var origin = data.Profiles.Count == 0 ? 0 : data.Profiles[0][j];
            double sum = 0, squares = 0, size = 0;
            for (var i = 0; i < customers.Length; i++)
            {
                sum += customers[i] * (data.Profiles[i][j] - origin);
                size = Math.Max(size, Math.Abs(data.Profiles[i][j]));
            }

            _mean[j] = origin + (sum / data.Customers);
            for (var i = 0; i < customers.Length; i++)
            {
                var distance = data.Profiles[i][j] - _mean[j];
                squares += customers[i] * distance * distance;
            }

            _spread[j] = Math.Sqrt(squares / data.Customers);
            if (!(_spread[j] > LeastSpread * size) || !double.IsFinite(_spread[j]))
            {
                Objection ??= double.IsInfinity(_spread[j]) || double.IsNaN(_spread[j])
                    ? $"{data.Names[j]} is too large to work with."
                    : $"{data.Names[j]} is the same for all customers, so it tells nothing.";
            }
        }

        for (var i = 0; i < Profiles.Length; i++)
        {
            Profiles[i] = new double[k];
            for (var j = 0; j < k; j++)
            {
                Profiles[i][j] = (data.Profiles[i][j] - _mean[j]) / _spread[j];
            }
        }

        Objection ??= Collinear(data, customers);
    }

    /// <summary>Why no coefficients can be told from these covariates; null when they can.</summary>
    public string? Objection { get; }

    /// <summary>The standardised covariates of each profile.</summary>
    public double[][] Profiles { get; }

    /// <summary>What a coefficient per standardised covariate is per unit of the covariate itself.</summary>
    public double PerUnit(int covariate) => 1 / _spread[covariate];

    /// <summary>What a coefficient per standardised covariate adds to the exponent between a covariate of 0 and its mean.</summary>
    public double AtMean(int covariate) => _mean[covariate] / _spread[covariate];

    /// <summary>Cholesky's method on the correlations: what is left of a covariate's variance given those before it.</summary>
    private string? Collinear(CovariateHistories data, double[] customers)
    {
        var k = data.Names.Count;
        var root = new double[k, k];
        for (var j = 0; j < k; j++)
        {
            for (var l = 0; l <= j; l++)
            {
                var left = 0.0;
                for (var i = 0; i < customers.Length; i++)
                {
                    left += customers[i] * Profiles[i][j] * Profiles[i][l];
                }

                left /= data.Customers;
                for (var m = 0; m < l; m++)
                {
                    left -= root[j, m] * root[l, m];
                }

                if (l == j && left < LeastOwnVariance)
                {
                    return $"{data.Names[j]} follows from {string.Join(", ", data.Names.Take(j))}, so their effects cannot be told apart.";
                }

                root[j, l] = l == j ? Math.Sqrt(left) : left / root[l, l];
            }
        }

        return null;
    }
}
