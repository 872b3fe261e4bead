namespace Clv.Core.Models;

/// <summary>A point in log-parameters with the mean log-likelihood and its derivatives there.</summary>
internal sealed record SurfacePoint(double[] Theta, double Value, double[] Gradient, double[,] Hessian)
{
    public double GradientNorm => Gradient.Max(Math.Abs);

    public bool IsFinite => double.IsFinite(Value) && Array.TrueForAll(Gradient, double.IsFinite) && Hessian.Cast<double>().All(double.IsFinite);
}
