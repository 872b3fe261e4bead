namespace Clv.Core.Models;

/// <summary>
/// A mean log-likelihood in log-parameters: <c>theta = ln(parameter - floor)</c>, which makes the search free of units and of signs.
/// </summary>
internal sealed class LogParameterSurface(IMeanLogLikelihood likelihood, IReadOnlyList<ParameterLimits> limits)
{
    public int Dimension => limits.Count;

    public double Lowest(int i) => Math.Log(limits[i].Lowest);

    public double Highest(int i) => Math.Log(limits[i].Highest);

    public double[] ToLog(ReadOnlySpan<double> natural)
    {
        var theta = new double[Dimension];
        for (var i = 0; i < theta.Length; i++)
        {
            theta[i] = Math.Clamp(Math.Log(natural[i] - limits[i].Floor), Lowest(i), Highest(i));
        }

        return theta;
    }

    public double[] ToNatural(ReadOnlySpan<double> theta)
    {
        var natural = new double[Dimension];
        for (var i = 0; i < natural.Length; i++)
        {
            natural[i] = limits[i].Floor + Math.Exp(theta[i]);
        }

        return natural;
    }

    public SurfacePoint At(double[] theta)
    {
        var n = Dimension;
        var natural = ToNatural(theta);
        var gradient = new double[n];
        var upper = new double[n * n];
        var value = likelihood.Evaluate(natural, gradient, upper);

        // With parameter = floor + exp(theta), both derivatives of the parameter in theta are exp(theta).
        var hessian = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            var di = natural[i] - limits[i].Floor;
            for (var j = i; j < n; j++)
            {
                hessian[i, j] = upper[(n * i) + j] * di * (natural[j] - limits[j].Floor);
                hessian[j, i] = hessian[i, j];
            }

            gradient[i] *= di;
            hessian[i, i] += gradient[i];
        }

        return new SurfacePoint(theta, value, gradient, hessian);
    }
}
