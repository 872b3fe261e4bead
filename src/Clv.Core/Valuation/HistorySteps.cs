using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>From a customer's rows to the numbers that models know a customer by.</summary>
internal static class HistorySteps
{
    public static void Add(StepList steps, CustomerFacts facts, Valuer valuer, IReadOnlyList<PurchaseRow> rows)
    {
        var summary = facts.Purchases.Whole;
        var names = AddRows(steps, [.. rows.Where(row => row.Day <= valuer.EndDay).OrderBy(static row => row.Day)]);
        AddSum(steps, "history.net", "netTotal", names.Days, summary.NetTotal, "Bought less returned", "Gekauft abzüglich zurückgegeben");
        AddSum(
            steps, "history.returns", "returnTotal", names.Returns, summary.ReturnTotal,
            "Returned on days without a purchase", "An Tagen ohne Kauf zurückgegeben");
        AddSum(
            steps, "history.spend", "spendTotal", names.Spend, summary.SpendTotal,
            "Net value of repeat purchases", "Nettowert der Wiederholungskäufe");
        AddSum(
            steps, "history.margin", "marginTotal", names.Margins, facts.Purchases.MarginTotal,
            "Margins that are known", "Bekannte Deckungsbeiträge");
        AddSum(
            steps, "history.amount", "amountWithMargin", names.Amounts, facts.Purchases.AmountWithMargin,
            "Amounts of the rows whose margin is known", "Beträge der Zeilen mit bekanntem Deckungsbeitrag");
        if (!summary.HasPurchase)
        {
            return;
        }

        var (first, last, today) = (Date(summary.FirstDay), Date(summary.FirstDay + summary.RecencyDays), Date(valuer.EndDay));
        steps.Given("occasions", summary.Frequency + 1).Given("daysToLast", summary.RecencyDays).Given("daysToToday", summary.AgeDays);
        steps.Add(
            "history.x", "x", "occasions - 1", summary.Frequency, "occasions",
            "Repeat purchases: days with a purchase but the first", "Wiederholungskäufe: Kauftage ohne den ersten");
        steps.Add(
            "history.recency", "t_x", "daysToLast / 7", summary.RecencyDays / 7.0, "weeks",
            $"From the first purchase on {first} to the last on {last}", $"Vom ersten Kauf am {first} bis zum letzten am {last}");
        steps.Add(
            "history.age", "T", "daysToToday / 7", summary.AgeDays / 7.0, "weeks",
            $"From the first purchase on {first} to {today}", $"Vom ersten Kauf am {first} bis {today}");
        steps.Given("spendCount", summary.SpendCount);
        if (summary.SpendCount > 0)
        {
            steps.Add(
                "history.mean", "meanSpend", "spendTotal / spendCount", summary.MeanSpend, "currency",
                "Mean value of a repeat purchase", "Mittlerer Wert eines Wiederholungskaufs");
        }
    }

    internal static string Date(int day) => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static RowNames AddRows(StepList steps, PurchaseRow[] rows)
    {
        var names = new RowNames([], [], [], [], []);
        int[] days = [.. rows.Select(static row => row.Day)];
        long[] micros = [.. rows.Select(static row => checked((long)row.Amount.Micros))];
        var occasions = Occasions.None;
        for (var from = 0; from < rows.Length; from = occasions.Rows)
        {
            var before = occasions;
            occasions.AddUntil(days[from], days, micros);
            var net = new Money(occasions.Net - before.Net);
            List<string> amounts = [];
            for (var i = from; i < occasions.Rows; i++)
            {
                amounts.Add($"row_{i + 1}");
                steps.Given(amounts[^1], rows[i].Amount.ToDouble());
                if (rows[i].Margin is { } margin)
                {
                    names.Margins.Add($"margin_{i + 1}");
                    names.Amounts.Add(amounts[^1]);
                    steps.Given(names.Margins[^1], margin.ToDouble());
                }
            }

            var (day, date) = ($"day_{names.Days.Count + 1}", Date(days[from]));
            names.Days.Add(day);
            if (occasions.Count > before.Count)
            {
                if (before.Count > 0 && net.Micros > 0)
                {
                    names.Spend.Add(day);
                }

                steps.Add(
                    "rows.purchase", day, string.Join(" + ", amounts), net.ToDouble(), "currency",
                    $"{date}: a day with a purchase", $"{date}: ein Kauftag");
                continue;
            }

            if (occasions.Returned > before.Returned)
            {
                names.Returns.Add(day);
            }

            steps.Add(
                "rows.other", day, string.Join(" + ", amounts), net.ToDouble(), "currency",
                $"{date}: returns, no purchase", $"{date}: Rückgaben, kein Kauf");
        }

        return names;
    }

    /// <summary>A sum over rows or days where they are known, otherwise a figure that is given.</summary>
    private static void AddSum(StepList steps, string code, string symbol, List<string> parts, Money sum, string english, string german)
    {
        if (parts.Count == 0)
        {
            steps.Given(symbol, sum.ToDouble());
            return;
        }

        var formula = string.Equals(symbol, "returnTotal", StringComparison.Ordinal) ? $"-({string.Join(" + ", parts)})" : string.Join(" + ", parts);
        steps.Add(code, symbol, formula, sum.ToDouble(), "currency", english, german);
    }

    /// <summary>The symbols of what a sum is made of.</summary>
    private sealed record RowNames(List<string> Days, List<string> Returns, List<string> Spend, List<string> Margins, List<string> Amounts);
}
