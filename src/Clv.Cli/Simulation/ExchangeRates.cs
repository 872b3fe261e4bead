using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>What foreign currencies are worth in the reporting currency, fixed on the first of every month.</summary>
internal sealed class ExchangeRates
{
    /// <summary>The reporting currency.</summary>
    public const string Reporting = "EUR";

    private static readonly (string Currency, double Rate)[] Start = [("USD", 0.92), ("CHF", 1.03), ("GBP", 1.17)];

    private readonly Dictionary<(string Currency, DateOnly Month), decimal> _rates = [];

    /// <summary>Draws the rates.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="origin">A day of the first month.</param>
    /// <param name="until">A day of the last month.</param>
    public ExchangeRates(SeededRandom random, DateOnly origin, DateOnly until)
    {
        var now = Start.ToArray();
        for (var month = Month(origin); month <= until; month = month.AddMonths(1))
        {
            for (var i = 0; i < now.Length; i++)
            {
                now[i].Rate *= Math.Exp(0.012 * random.NextNormal());
                _rates.Add((now[i].Currency, month), Math.Round((decimal)now[i].Rate, 4));
                Rows.Add((now[i].Currency, month, _rates[(now[i].Currency, month)]));
            }
        }
    }

    /// <summary>All rates, by month and currency.</summary>
    public List<(string Currency, DateOnly Month, decimal Rate)> Rows { get; } = [];

    /// <summary>What a unit of a currency is worth on a day.</summary>
    public decimal On(string currency, int day) => _rates[(currency, Month(DateOnly.FromDayNumber(day)))];

    private static DateOnly Month(DateOnly day) => new(day.Year, day.Month, 1);
}
