using MathNet.Numerics.LinearAlgebra;

namespace Clv.Core.Estimation;

/// <summary>
/// Stands for all parameters that the data leave possible: a few points, equally likely, with the estimates' mean and covariance in
/// logarithms (the third-degree cubature rule). A quantity averaged over them has the parameters' uncertainty in it.
/// </summary>
public static class ParameterUncertainty
{
    /// <summary>A model whose logarithms of parameters are known to this is taken as certain: nothing anyone sees would change.</summary>
    private const double Negligible = 0.01;

    /// <summary>The widest a point may lie from the estimate, as a factor's logarithm.</summary>
    private const double Widest = 5;

    /// <summary>The models at the points; the estimate alone where its uncertainty is negligible or not known.</summary>
    /// <typeparam name="TModel">The kind of model.</typeparam>
    /// <param name="model">The model at the estimates.</param>
    /// <param name="parameters">Its parameters by name, the estimated ones first.</param>
    /// <param name="floors">What each estimated parameter's logarithm is measured from: 0, or 1 for the Gamma-Gamma q.</param>
    /// <param name="covariance">Their covariance in logarithms, row by row; empty when not known.</param>
    /// <param name="create">Makes a model.</param>
    public static IReadOnlyList<TModel> Points<TModel>(
        TModel model,
        IReadOnlyList<KeyValuePair<string, double>> parameters,
        IReadOnlyList<double> floors,
        IReadOnlyList<double> covariance,
        Func<IReadOnlyDictionary<string, double>, TModel> create)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(floors);
        ArgumentNullException.ThrowIfNull(covariance);
        ArgumentNullException.ThrowIfNull(create);
        var n = (int)Math.Sqrt(covariance.Count);
        var matrix = Matrix<double>.Build.Dense(n, n, (i, j) => covariance[(i * n) + j]);
        if (n == 0 || matrix.Diagonal().Maximum() < Negligible * Negligible)
        {
            return [model];
        }

        // Along the axes of the covariance, which exist also where it is all but singular.
        var axes = matrix.Evd(Symmetricity.Symmetric);
        var points = new List<TModel>(2 * n);
        for (var axis = 0; axis < n; axis++)
        {
            var length = Math.Sqrt(n * Math.Max(0, axes.EigenValues[axis].Real));
            foreach (var sign in (ReadOnlySpan<int>)[1, -1])
            {
                var moved = new Dictionary<string, double>(StringComparer.Ordinal);
                for (var i = 0; i < parameters.Count; i++)
                {
                    var (name, value) = parameters[i];
                    moved[name] = i >= n ? value : floors[i]
                        + ((value - floors[i]) * Math.Exp(Math.Clamp(sign * length * axes.EigenVectors[i, axis], -Widest, Widest)));
                }

                points.Add(create(moved));
            }
        }

        return points;
    }
}
