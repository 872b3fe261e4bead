namespace Clv.Core.Estimation;

/// <summary>A forecast of the held-out weeks for every customer of a backtest: one model's, or a baseline's.</summary>
/// <param name="Name">The model's id or the baseline's name.</param>
/// <param name="Occasions">Expected occasions, by the customers' places.</param>
/// <param name="Value">Expected value of them, likewise.</param>
internal sealed record Forecast(string Name, double[] Occasions, double[] Value);
