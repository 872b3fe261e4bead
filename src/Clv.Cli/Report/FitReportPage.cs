using System.Xml.Linq;
using Clv.Cli.Local;
using Clv.Core.Estimation;
using Clv.Core.Extracts;
using Clv.Core.Models;
using static Clv.Cli.Report.Markup;

namespace Clv.Cli.Report;

/// <summary>
/// A fit as one page: what was fitted and why, how well it tracks, distributes and forecasts, and what it says of customers. The page
/// needs nothing else, is well-formed XML, and is the same for the same input.
/// </summary>
internal sealed class FitReportPage
{
    private const double Wide = 1000;
    private const double Half = 490;
    private const int MostColumns = 30;
    private const int MostRows = 40;

    private readonly FitReport _report;
    private readonly Wording _words;
    private readonly ModelFile _model;
    private readonly ITransactionModel _transactions;
    private readonly Tracking _tracking;
    private readonly int _endDay;

    private FitReportPage(FitReport report, Wording words)
    {
        (_report, _words, _model, _endDay) = (report, words, report.Estimate.Model, report.Estimate.EndDay);
        _transactions = _model.Transactions.ToModel();
        _tracking = Tracking.Of(report.Calendar, _transactions, _endDay, report.Threads);
    }

    /// <summary>Makes the page.</summary>
    /// <param name="report">The fit.</param>
    /// <param name="words">The language.</param>
    public static string Of(FitReport report, Wording words)
    {
        var page = new FitReportPage(report, words).Html();
        return $"<!DOCTYPE html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    private XElement Html()
    {
        var title = _words.Of("Fit report: ", "Modellbericht: ") + Printable(_report.Reading.File);
        return Tag(
            "html",
            At("lang", _words.Language),
            Tag(
                "head",
                Tag("meta", At("charset", "utf-8")),
                Tag("meta", At("http-equiv", "Content-Security-Policy"), At("content", "default-src 'none'; style-src 'unsafe-inline'")),
                Tag("meta", At("name", "viewport"), At("content", "width=device-width, initial-scale=1")),
                Tag("title", title),
                Tag("style", PageStyle.Css)),
            "\n",
            Tag("body", Tag("main", Head(title), "\n", HowOften(), "\n", HeldOut(), "\n", Customers(), "\n", Spend())));
    }

    private IEnumerable<XElement> Head(string title)
    {
        var summaries = _report.Estimate.Summaries;
        var buyers = summaries.LongCount(static s => s.Whole.HasPurchase);
        var repeaters = summaries.LongCount(static s => s.Whole.Frequency > 0);
        var (inside, _) = Totals();
        yield return Tag("h1", title);
        yield return Tag("p", At("class", "quiet"), Rows());
        if (_report.Reading.CustomerFile is { } customers)
        {
            yield return Tag("p", At("class", "quiet"), Rows(customers));
        }

        var facts = new List<XElement?>
        {
            Fact(
                _words.Of("Model", "Modell"),
                _model.Transactions.Name,
                _model.Spend is { } spend ? _words.Of("spend: ", "Werte: ") + SpendName(spend.Kind) : _words.Of("no model of spend", "kein Wertmodell")),
            Fact(
                _words.Of("Customers", "Kunden"),
                _words.Number(buyers),
                _words.Of($"{_words.Percent((double)repeaters / buyers)} came back", $"{_words.Percent((double)repeaters / buyers)} kamen wieder")),
            Fact(
                _words.Of("Window", "Zeitfenster"),
                _words.Of($"{Weeks(_endDay - FirstDay + 1)} weeks", $"{Weeks(_endDay - FirstDay + 1)} Wochen"),
                $"{_words.Day(FirstDay)} \u2013 {_words.Day(_endDay)}"),
            Fact(_words.Of("Repeat occasions", "Wiederkäufe"), _words.Number(inside.Actual), Expected(inside)),
            _report.Later.Count > 0
                ? Fact(_words.Of("After the window", "Nach dem Zeitfenster"), _words.Number(_report.Later[0].ActualOccasions), Expected((_report.Later[0].ActualOccasions, _report.Later[0].PredictedOccasions)))
                : null,
            _model.Margins is { } margins
                ? Fact(_words.Of("Contribution margin", "Deckungsbeitrag"), _words.Percent(margins.Overall), _words.Of("of revenue", "vom Umsatz"))
                : null,
        };
        yield return Tag("dl", facts);

        var parameters = Tag(
            "div",
            At("class", "plots"),
            Card(
                Parameters(
                    _words.Of($"How often: {_model.Transactions.Name}", $"Wie oft: {_model.Transactions.Name}"), _model.Transactions.Parameters, _model.Transactions.StandardErrors),
                Tag("p", At("class", "quiet"), FitFacts()),
                English("p", _model.Transactions.Verdict)),
            _model.Spend is { } fitted
                ? Card(
                    Parameters(_words.Of($"How much: {SpendName(fitted.Kind)}", $"Wie viel: {SpendName(fitted.Kind)}"), fitted.Parameters, SpendErrors(fitted)),
                    Tag("p", At("class", "quiet"), SpendFacts(fitted)),
                    fitted.Fallback is { } why ? English("p", $"No Gamma-Gamma: {why}") : null)
                : null,
            Tag(
                "div",
                At("class", "card wide"),
                Tag("h3", _words.Of("Why this model", "Warum dieses Modell")),
                English("p", _model.Choice),
                _model.Refused.Count == 0
                    ? null
                    : Tag("p", _words.Of("Refused:", "Abgelehnt:")),
                _model.Refused.Count == 0
                    ? null
                    : Tag("ul", _model.Refused.Select(r => Tag("li", $"{ForecastName(r.Key)}: ", English("span", r.Value))))));
        yield return parameters;
    }

    private IEnumerable<object> Rows()
    {
        var reading = _report.Reading;
        var replaced = reading.RowsReplaced == 0 ? "" : _words.Of(
            $", {_words.Number(reading.RowsReplaced)} replaced by later ones", $", {_words.Number(reading.RowsReplaced)} durch spätere ersetzt");
        return [ReadRows(reading) + replaced, .. SetAside(reading)];
    }

    private IEnumerable<object> Rows(CustomersReading reading)
    {
        var file = Printable(reading.File);
        yield return _words.Of($"Customers, {file}: ", $"Kunden, {file}: ") + ReadRows(reading);
        foreach (var part in SetAside(reading))
        {
            yield return part;
        }

        var unknown = _words.Number(reading.WithoutTransactions);
        yield return _words.Of($"; {unknown} of customers without transactions", $"; {unknown} von Kunden ohne Umsätze");
        var beyond = _words.Number(reading.RowsBeyondSegments);
        yield return reading switch
        {
            { SegmentColumn: null } => _words.Of("; no column gives segments", "; keine Spalte ergibt Segmente"),
            { RowsBeyondSegments: > 0 } => _words.Of(
                $"; segments from {reading.SegmentColumn}, whose values are too many: {beyond} rows give none",
                $"; Segmente aus {reading.SegmentColumn}, dessen Werte zu viele sind: {beyond} Zeilen ergeben keines"),
            _ => _words.Of($"; segments from {reading.SegmentColumn}", $"; Segmente aus {reading.SegmentColumn}"),
        };
    }

    private string ReadRows(FileReading reading) =>
        _words.Of($"{_words.Number(reading.RowsRead)} rows read", $"{_words.Number(reading.RowsRead)} Zeilen gelesen");

    private IEnumerable<object> SetAside(FileReading reading)
    {
        yield return _words.Of($", {_words.Number(reading.RowsQuarantined)} set aside", $", {_words.Number(reading.RowsQuarantined)} ausgesondert");
        var separator = ": ";
        foreach (var (reason, count) in reading.Quarantined)
        {
            yield return $"{separator}{_words.Number(count.Rows)} \u00D7 ";
            yield return English("span", reason.Describe());
            separator = "; ";
        }
    }

    private string FitFacts()
    {
        var fit = _model.Transactions;
        var parts = new List<string>();
        if (fit.LogLikelihood is { } value)
        {
            parts.Add(_words.Of("log-likelihood ", "Log-Likelihood ") + _words.Number(value, 3));
        }

        if (fit.InformationCriterion is { } criterion)
        {
            parts.Add("BIC " + _words.Number(criterion, 1));
        }

        if (fit.Starts > 0)
        {
            parts.Add(_words.Of($"{fit.StartsAgreeing} of {fit.Starts} starts agree", $"{fit.StartsAgreeing} von {fit.Starts} Starts stimmen überein"));
        }

        if (fit.GradientNorm is { } gradient)
        {
            parts.Add(_words.Of("gradient ", "Gradient ") + _words.Significant(gradient, 2));
        }

        return string.Join(" \u00B7 ", parts);
    }

    private string SpendFacts(FittedSpend fit)
    {
        var parts = new List<string> { _words.Of($"{_words.Number(fit.Customers)} customers", $"{_words.Number(fit.Customers)} Kunden") };
        if (fit.Fallback is null && fit.LogLikelihood is { } value)
        {
            parts.Insert(0, _words.Of("log-likelihood ", "Log-Likelihood ") + _words.Number(value, 3));
        }

        parts.Add(_words.Of("correlation with frequency ", "Korrelation mit der Häufigkeit ") + _words.Number(fit.FrequencyCorrelation, 3));
        return string.Join(" \u00B7 ", parts);
    }

    private static Dictionary<string, double> SpendErrors(FittedSpend fit)
    {
        var errors = new Dictionary<string, double>(fit.StandardErrors, StringComparer.Ordinal);
        if (fit.Kind == SpendEstimate.FrequencyId)
        {
            errors[FrequencySpend.ExponentName] = fit.FrequencyExponentError;
        }

        return errors;
    }

    private XElement HowOften()
    {
        var (inside, after) = Totals();
        var caption = _words.Of(
            $"Repeat occasions of the customers who first bought by {_words.Day(_endDay)}. In the window the model expects {_words.Number(inside.Expected)} against {_words.Number(inside.Actual)} that happened.",
            $"Wiederkäufe der Kunden, deren Erstkauf bis {_words.Day(_endDay)} war. Im Zeitfenster erwartet das Modell {_words.Number(inside.Expected)}, geschehen sind {_words.Number(inside.Actual)}.");
        if (_report.Later.Count > 0)
        {
            caption += " " + _words.Of(
                $"After it, knowing nothing but the days of the first purchases, {_words.Number(after.Expected)} against {_words.Number(after.Actual)}{Error(after)}.",
                $"Danach, nur aus den Tagen der Erstkäufe, {_words.Number(after.Expected)} gegen {_words.Number(after.Actual)}{Error(after)}.");
        }

        var period = _tracking.Weeks == 1 ? _words.Of("per week", "je Woche") : _words.Of($"per {_tracking.Weeks} weeks", $"je {_tracking.Weeks} Wochen");
        var unit = _words.Of($"Repeat occasions {period}", $"Wiederkäufe {period}");
        var title = _words.Of($"Tracking {period}", $"Verlauf {period}");
        var cumulative = _tracking.Cumulate();
        var sum = _words.Of("Tracking, cumulative", "Verlauf, kumuliert");
        string[] columns = [_words.Of("Until", "Bis"), _words.Of("Actual", "Ist"), _words.Of("Model", "Modell")];
        return Section(
            _words.Of("How often customers come back", "Wie oft Kunden wiederkommen"),
            Figure(
                wide: true, title, caption, TimePlot.Draw(_words, title, unit, Wide, _tracking.Full, _endDay),
                Table(columns, _tracking.Points.Select(p => (string[])[_words.Day(p.LastDay), _words.Number(p.Actual), _words.Number(p.Expected, 1)]))),
            Figure(
                wide: false, sum, _words.Of("The same, added up from the first purchase.", "Dasselbe, vom ersten Kauf an aufsummiert."),
                TimePlot.Draw(_words, sum, _words.Of("Repeat occasions", "Wiederkäufe"), Half, cumulative, _endDay),
                Table(columns, cumulative.Select(p => (string[])[_words.Day(p.LastDay), _words.Number(p.Actual), _words.Number(p.Expected, 1)]))),
            Frequency());
    }

    private XElement Frequency()
    {
        var (actual, expected) = FrequencyHistogram.Of(_report.Estimate.Summaries, _transactions, _report.Threads);
        var title = _words.Of("Customers by repeat occasions", "Kunden nach Wiederkäufen");
        var across = _words.Of("Repeat occasions in the window", "Wiederkäufe im Zeitfenster");
        var bars = actual.Select((count, x) => new Bar(
            x == actual.Length - 1 ? $"{x}+" : $"{x}",
            count,
            expected[x],
            $"x = {x}{(x == actual.Length - 1 ? "+" : "")}: " + _words.Of(
                $"{_words.Number(count)} actual, {_words.Number(expected[x], 1)} expected", $"{_words.Number(count)} tatsächlich, {_words.Number(expected[x], 1)} erwartet"))).ToList();
        return Figure(
            wide: false,
            title,
            _words.Of(
                "The model's numbers are for customers of the same ages.",
                "Die Zahlen des Modells gelten für Kunden gleichen Alters."),
            BarPlot.Draw(_words, title, _words.Of("Customers", "Kunden"), across, Half, bars),
            Table(
                [_words.Of("Repeat occasions", "Wiederkäufe"), _words.Of("Actual", "Ist"), _words.Of("Model", "Modell")],
                bars.Select(b => (string[])[b.Label, _words.Number(b.Actual), _words.Number(b.Model, 1)])));
    }

    private XElement HeldOut()
    {
        var content = new List<XElement>();
        if (_report.Later.Count > 0)
        {
            var weeks = Weeks(_report.Calendar.LastDay - _endDay);
            content.AddRange(Calibration(
                _report.Later,
                _words.Of($"After the window: {weeks} weeks until {_words.Day(_report.Calendar.LastDay)}", $"Nach dem Zeitfenster: {weeks} Wochen bis {_words.Day(_report.Calendar.LastDay)}"),
                _words.Of("The models of this page against what happened after the window.", "Die Modelle dieser Seite gegen das, was nach dem Zeitfenster geschah.")));
        }

        if (_model.Backtest.Count > 0)
        {
            var weeks = _words.Number(_model.BacktestWeeks);
            content.AddRange(Calibration(
                _model.Backtest,
                _words.Of($"Backtest: the last {weeks} weeks of the window", $"Rücktest: die letzten {weeks} Wochen des Zeitfensters"),
                _words.Of(
                    $"Every candidate was fitted to what was known by {_words.Day(_endDay - (int)(7 * _model.BacktestWeeks))}; this is what the choice rests on.",
                    $"Jeder Kandidat wurde an das angepasst, was bis {_words.Day(_endDay - (int)(7 * _model.BacktestWeeks))} bekannt war; darauf beruht die Wahl.")));
        }

        if (content.Count == 0)
        {
            content.Add(Tag("p", _words.Of("Nothing was held out, so nothing says how well the model forecasts.", "Es wurde nichts zurückgehalten; wie gut das Modell vorhersagt, ist daher nicht bekannt.")));
        }

        return Section(_words.Of("How well it forecasts", "Wie gut es vorhersagt"), content);
    }

    private IEnumerable<XElement> Calibration(IReadOnlyList<ForecastScore> scores, string title, string caption)
    {
        var everyone = scores.Where(static s => s.Segment is null).OrderBy(static s => s.RootMeanSquaredError).ToList();
        yield return Tag(
            "div",
            At("class", "card wide"),
            Tag("h3", title),
            Tag("p", At("class", "quiet"), _words.Of(
                $"{caption} {_words.Number(everyone[0].Customers)} customers, {_words.Number(everyone[0].ActualOccasions)} occasions. Errors are of a customer's occasions.",
                $"{caption} {_words.Number(everyone[0].Customers)} Kunden, {_words.Number(everyone[0].ActualOccasions)} Käufe. Fehler sind die der Käufe eines Kunden.")),
            Tag("div", At("class", "scroll"), ScoreTable(everyone)));
        if (everyone.Find(s => s.Forecast == _model.Transactions.Kind) is not { } own)
        {
            yield break;
        }

        var unit = _words.Of("Mean occasions per customer", "Käufe je Kunde im Mittel");
        string[] columns = [_words.Of("Customers", "Kunden"), _words.Of("Actual", "Ist"), _words.Of("Model", "Modell")];
        var byTenth = _words.Of("Calibration by tenths", "Kalibrierung nach Zehnteln");
        var tenths = own.Deciles.Select((d, i) => MeanBar($"{i + 1}", d.Customers, d.Actual, d.Predicted)).ToList();
        yield return Figure(
            wide: false,
            byTenth,
            _words.Of("Tenths of the customers by forecast, the highest first.", "Zehntel der Kunden nach Vorhersage, die höchste zuerst."),
            BarPlot.Draw(_words, $"{byTenth}. {title}", unit, _words.Of("Tenth of the customers", "Zehntel der Kunden"), Half, tenths),
            Table([_words.Of("Tenth", "Zehntel"), .. columns], own.Deciles.Select((d, i) => (string[])[
                $"{i + 1}", _words.Number(d.Customers), _words.Number(d.Actual, 3), _words.Number(d.Predicted, 3)])));

        var byFrequency = _words.Of("Held-out occasions by frequency", "Zurückgehaltene Käufe nach Häufigkeit");
        string Label(CalibrationFrequency f) => f.Frequency == ForecastScore.FrequencyClasses - 1 ? $"{f.Frequency}+" : $"{f.Frequency}";
        yield return Figure(
            wide: false,
            byFrequency,
            _words.Of("What the model expects of customers with so many repeat occasions until then.", "Was das Modell von Kunden mit so vielen Wiederkäufen bis dahin erwartet."),
            BarPlot.Draw(
                _words, $"{byFrequency}. {title}", unit, _words.Of("Repeat occasions until then", "Wiederkäufe bis dahin"), Half,
                [.. own.Frequencies.Select(f => MeanBar(Label(f), f.Customers, f.Actual, f.Predicted))]),
            Table([_words.Of("Repeat occasions", "Wiederkäufe"), .. columns], own.Frequencies.Select(f => (string[])[
                Label(f), _words.Number(f.Customers), _words.Number(f.Actual, 3), _words.Number(f.Predicted, 3)])));
    }

    private Bar MeanBar(string label, long customers, double actual, double predicted) => new(label, actual, predicted, $"{label}: " + _words.Of(
        $"{_words.Number(customers)} customers, {_words.Number(actual, 2)} actual, {_words.Number(predicted, 2)} expected",
        $"{_words.Number(customers)} Kunden, {_words.Number(actual, 2)} tatsächlich, {_words.Number(predicted, 2)} erwartet"));

    private XElement ScoreTable(List<ForecastScore> scores)
    {
        string[] columns = [
            _words.Of("Forecast", "Vorhersage"), _words.Of("Total", "Summe"), _words.Of("Error of total", "Fehler der Summe"), "MAE", "RMSE",
            _words.Of("Value in the top tenth", "Wert im obersten Zehntel"),
        ];
        return Tag(
            "table",
            Tag("thead", Tag("tr", columns.Select(static c => Tag("th", At("scope", "col"), c)))),
            Tag("tbody", scores.Select(s => Tag(
                "tr",
                s.Forecast == _model.Transactions.Kind ? At("class", "used") : null,
                Tag("td", ForecastName(s.Forecast)),
                Tag("td", _words.Number(s.PredictedOccasions)),
                Tag("td", s.TotalError is { } error ? _words.Change(error) : "–"),
                Tag("td", _words.Number(s.MeanAbsoluteError, 4)),
                Tag("td", _words.Number(s.RootMeanSquaredError, 4)),
                Tag("td", _words.Percent(s.TopDecileShare))))));
    }

    private XElement? Customers()
    {
        var buyers = _report.Estimate.Summaries.Where(static s => s.Whole.HasPurchase).Select(static s => s.Whole).ToList();
        int[] ages = [.. buyers.Select(static s => s.AgeDays).Order()];
        int[] frequencies = [.. buyers.Select(static s => s.Frequency).Order()];
        var age = ages[ages.Length / 2] / 7.0;
        if (age == 0)
        {
            return null;
        }

        var most = Math.Max(10, frequencies[(int)(0.995 * (frequencies.Length - 1))]);
        var step = (most + MostColumns - 1) / MostColumns;
        int[] columns = [.. Enumerable.Range(0, (most / step) + 1).Select(i => i * step)];
        var rise = age < 10 ? Axis.RoundStep(age / MostRows) : Math.Ceiling(Axis.RoundStep(age / MostRows));
        double[] rows = [.. Enumerable.Range(0, (int)((age / rise) + 1e-9) + 1).Select(i => Math.Min(age, i * rise))];
        var decimals = Axis.To(rise, 1).Decimals;
        HeatGrid Grid(Func<int, double, double> value)
        {
            var values = new double?[rows.Length, columns.Length];
            for (var row = 0; row < rows.Length; row++)
            {
                for (var column = 0; column < columns.Length; column++)
                {
                    values[row, column] = (row == 0) == (column == 0) ? value(columns[column], rows[row]) : null;
                }
            }

            return new HeatGrid(columns, rows, decimals, values);
        }

        var alive = Grid((x, tx) => _transactions.ProbabilityAlive(x, tx, age));
        var horizon = _words.Number(_report.HorizonWeeks, _report.HorizonWeeks % 1 == 0 ? 0 : 1);
        var expected = Grid((x, tx) => _transactions.ExpectedTransactions(x, tx, age, _report.HorizonWeeks));
        var scale = Axis.To(expected.Values.Cast<double?>().Max() ?? 0);
        var aliveTitle = _words.Of("P(alive)", "P(alive)");
        var expectedTitle = _words.Of($"Expected occasions in the next {horizon} weeks", $"Erwartete Käufe in den nächsten {horizon} Wochen");
        return Section(
            _words.Of(
                $"What it says of customers at the median age, {_words.Number(age, 1)} weeks",
                $"Was es über Kunden im Median des Alters sagt, {_words.Number(age, 1)} Wochen"),
            Figure(
                wide: false,
                aliveTitle,
                _words.Of(
                    "The probability of still being a customer. The higher up, the more recent the last purchase.",
                    "Die Wahrscheinlichkeit, noch Kunde zu sein. Je höher, desto jünger der letzte Kauf."),
                HeatMap.Draw(_words, aliveTitle, alive, Axis.To(1), 3),
                GridTable(alive, 3)),
            Figure(
                wide: false,
                expectedTitle,
                _words.Of("What the same customers are expected to buy.", "Was von denselben Kunden zu erwarten ist."),
                HeatMap.Draw(_words, expectedTitle, expected, scale, 2),
                GridTable(expected, 2)));
    }

    private XElement? Spend()
    {
        if (_model.Spend is not { } fit)
        {
            return null;
        }

        var model = fit.ToModel();
        var heading = _words.Of("How much they spend", "Wie viel sie ausgeben");
        if (SpendHistogram.Of(_report.Estimate.Summaries, model) is not { } histogram)
        {
            return Section(heading, Tag("p", _words.Of("No customer has a repeat occasion with a value.", "Kein Kunde hat einen Wiederkauf mit einem Wert.")));
        }

        var decimals = Axis.To(histogram.Width, 1).Decimals;
        var last = histogram.Actual.Length - 1;
        string From(int i) => _words.Number(i * histogram.Width, decimals);
        string Range(int i) => i == last
            ? _words.Of($"{From(i)} and more", $"{From(i)} und mehr")
            : $"{From(i)} \u2013 {From(i + 1)}";
        var bars = histogram.Actual.Select((count, i) => new Bar(
            i == last ? $"{From(i)}+" : From(i),
            count,
            histogram.Expected[i],
            $"{Range(i)}: " + _words.Of(
                $"{_words.Number(count)} customers, {_words.Number(histogram.Expected[i], 1)} expected",
                $"{_words.Number(count)} Kunden, {_words.Number(histogram.Expected[i], 1)} erwartet"))).ToList();
        var title = _words.Of("Mean value of a repeat occasion", "Mittlerer Wert eines Wiederkaufs");
        return Section(heading, Figure(
            wide: true,
            title,
            _words.Of(
                $"{_words.Number(histogram.Actual.Sum())} customers with such a value; their mean is {_words.Number(histogram.Mean, 2)}, and the model expects {_words.Number(model.PopulationMean, 2)} of a customer of whom nothing is known.",
                $"{_words.Number(histogram.Actual.Sum())} Kunden mit einem solchen Wert, im Mittel {_words.Number(histogram.Mean, 2)}; von einem Kunden, über den nichts bekannt ist, erwartet das Modell {_words.Number(model.PopulationMean, 2)}."),
            BarPlot.Draw(
                _words, title, _words.Of("Customers", "Kunden"),
                _words.Of("Mean value from, in the file's currency", "Mittlerer Wert ab, in der Währung der Datei"), Wide, bars),
            Table(
                [_words.Of("Mean value", "Mittlerer Wert"), _words.Of("Actual", "Ist"), _words.Of("Model", "Modell")],
                bars.Select((b, i) => (string[])[Range(i), _words.Number(b.Actual), _words.Number(b.Model, 1)]))));
    }

    private int FirstDay => Enumerable.Range(_report.Calendar.FirstDay, _endDay - _report.Calendar.FirstDay + 1).First(day => _report.Calendar.FirstsOn(day) > 0);

    private ((double Actual, double Expected) Inside, (double Actual, double Expected) After) Totals()
    {
        (double Actual, double Expected) Sum(IEnumerable<TimePoint> points) => points.Aggregate((Actual: 0.0, Expected: 0.0), static (s, p) => (s.Actual + p.Actual, s.Expected + p.Expected));
        return (Sum(_tracking.Points.Where(p => p.LastDay <= _endDay)), Sum(_tracking.Points.Where(p => p.LastDay > _endDay)));
    }

    private string Error((double Actual, double Expected) total) => total.Actual == 0 ? "" : $" ({_words.Change((total.Expected / total.Actual) - 1)})";

    private string Expected((double Actual, double Expected) total) =>
        _words.Of($"{_words.Number(total.Expected)} expected", $"{_words.Number(total.Expected)} erwartet") + Error(total);

    private string Weeks(int days) => _words.Number(days / 7.0, days % 7 == 0 ? 0 : 1);

    private string ForecastName(string id) => id switch
    {
        "last-year-again" => _words.Of("Baseline: last year again", "Vergleich: wie letztes Jahr"),
        "average-times-retention" => _words.Of("Baseline: average times retention", "Vergleich: Durchschnitt mal Bindung"),
        _ => TransactionModels.Find(id).Title,
    };

    private string SpendName(string kind) => kind switch
    {
        SpendEstimate.GammaGammaId => "Gamma-Gamma",
        SpendEstimate.FrequencyId => _words.Of("Gamma-Gamma with frequency", "Gamma-Gamma mit Häufigkeit"),
        SpendEstimate.ShrunkId => _words.Of("shrunk mean", "geschrumpfter Mittelwert"),
        _ => kind,
    };

    // The engine explains itself in English.
    private XElement English(string name, string text) =>
        Tag(name, _words.Language == "en" ? null : At("lang", "en"), text);

    private static XElement Fact(string name, string value, string more) => Tag("div", Tag("dt", name), Tag("dd", value, Tag("small", more)));

    private static XElement Card(params object?[] content) => Tag("div", At("class", "card"), content);

    private XElement Parameters(string title, IReadOnlyDictionary<string, double> parameters, IReadOnlyDictionary<string, double> errors) => Tag(
        "table",
        Tag("caption", title),
        Tag("thead", Tag("tr", ((string[])[_words.Of("Parameter", "Parameter"), _words.Of("Estimate", "Schätzung"), _words.Of("Standard error", "Standardfehler")])
            .Select(static c => Tag("th", At("scope", "col"), c)))),
        Tag("tbody", parameters.Select(p => Tag(
            "tr",
            Tag("td", p.Key),
            Tag("td", p.Key == "k" ? _words.Number(p.Value) : _words.Significant(p.Value, 5)),
            Tag("td", errors.TryGetValue(p.Key, out var error) ? _words.Significant(error, 2) : "\u2013")))));

    private static XElement Section(string title, params object?[] content) =>
        Tag("section", Tag("h2", title), Tag("div", At("class", "plots"), content));

    private XElement Figure(bool wide, string title, string caption, XElement plot, XElement table) => Tag(
        "figure",
        At("class", wide ? "card wide" : "card"),
        Tag("figcaption", Tag("h3", title), Tag("p", caption)),
        plot,
        Tag("details", Tag("summary", _words.Of("Figures as a table", "Zahlen als Tabelle")), Tag("div", At("class", "scroll"), table)));

    private static XElement Table(IEnumerable<string> columns, IEnumerable<string[]> rows) => Tag(
        "table",
        Tag("thead", Tag("tr", columns.Select(static c => Tag("th", At("scope", "col"), c)))),
        Tag("tbody", rows.Select(static row => Tag("tr", row.Select(static cell => Tag("td", cell))))));

    private XElement GridTable(HeatGrid grid, int decimals) => Table(
        grid.Frequencies.Select(x => $"x {_words.Number(x)}").Prepend("t\u2093"),
        Enumerable.Range(0, grid.Recencies.Count).Reverse().Select(row => (string[])[
            _words.Number(grid.Recencies[row], grid.RecencyDecimals),
            .. Enumerable.Range(0, grid.Frequencies.Count).Select(column => grid.Values[row, column] is { } value ? _words.Number(value, decimals) : "")]));
}
