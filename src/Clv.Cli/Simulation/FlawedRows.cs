using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>Breaks a share of the rows of a file in the ways that real exports are broken, so that there is something to set aside.</summary>
/// <param name="share">The share of rows that are broken, 0 to 1.</param>
/// <param name="table">The file.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class FlawedRows(double share, ExtractTable table, SeededRandom random)
{
    private const string NoDate = "31.02.2026";

    // ISO 4217 keeps it for testing: nobody has a rate for it.
    private const string NoCurrency = "XTS";

    private readonly int _date = table.Columns.ToList().IndexOf(table.DateColumn);
    private readonly int _currency = table.Columns.ToList().IndexOf("currency");

    /// <summary>The row, or what became of it.</summary>
    public string[] Pass(string[] row)
    {
        if (share == 0 || random.NextDouble() >= share)
        {
            return row;
        }

        var broken = row.ToArray();
        switch (random.NextInt(3))
        {
            case 0:
                broken[_date] = NoDate;
                return broken;
            case 1 when _currency >= 0:
                broken[_currency] = NoCurrency;
                return broken;
            default:
                return [.. row, "", "unexpected"];
        }
    }
}
