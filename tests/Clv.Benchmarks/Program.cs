using System.Diagnostics;
using Clv.Benchmarks;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Valuation;
using Spectre.Console;

// clv score on a million customers, step by step, as ratios to reading the same file's cells with CsvHelper alone.
var customers = args is [var count, ..] ? int.Parse(count) : 1_000_000;
using var set = GeneratedSet.Create(customers);
var table = new Table().Border(TableBorder.Rounded)
    .AddColumn("Step")
    .AddColumn(new TableColumn("Seconds").RightAligned())
    .AddColumn(new TableColumn("Times the plain read").RightAligned());

var plain = Best(() => GeneratedSet.ReadCells(set.File));
table.AddRow("read every cell with CsvHelper", $"{plain:0.00}", "1.0");
Row("read, check and parse every row", () =>
{
    using var reader = Open();
    while (reader.Read())
    {
    }
});

PurchaseLedger ledger = new(hasTransactionIds: false);
Row("the same, and group by customer", () =>
{
    using var reader = Open();
    ledger = new PurchaseLedger(reader.HasTransactionIds);
    ledger.Load(reader);
});
CustomerSummary[] summaries = [];
RepeatAges ages = new();
Row("summarise every customer", () => (summaries, ages, _) = ledger.Summarise(ledger.LastDay, holdoutDays: 26 * 7, Environment.ProcessorCount), times: 1);
using var facts = new MemoryStream();
Row("write everybody's facts", () =>
{
    facts.SetLength(0);
    var writer = new FactsWriter(facts);
    for (var i = 0; i < summaries.Length; i++)
    {
        writer.Write(new CustomerFacts { Key = new CustomerKey((UInt128)i), Purchases = summaries[i], HasTransactions = true });
    }
});
Row("read everybody's purchases from them", () =>
{
    using var reader = new FactsReader(new MemoryStream(facts.GetBuffer(), 0, (int)facts.Length));
    while (reader.MoveNext())
    {
        reader.Purchases();
    }
});
var histories = new HistoryGrouper();
var spend = new SpendGrouper();
Row("group equal histories", () =>
{
    (histories, spend) = (new HistoryGrouper(), new SpendGrouper());
    foreach (ref readonly var summary in summaries.AsSpan())
    {
        if (summary.Whole is { HasPurchase: true } whole)
        {
            histories.Add(whole.Frequency, whole.RecencyDays, whole.AgeDays, logGaps: summary.SumLogGaps);
            if (whole.SpendCount > 0)
            {
                spend.Add(whole.SpendCount, whole.MeanSpend);
            }
        }
    }
});
for (var day = 1; day < Math.Max(ages.Before.Length, ages.After.Length); day++)
{
    histories.AddRepeat(day, (day < ages.Before.Length ? ages.Before[day] : 0) + (day < ages.After.Length ? ages.After[day] : 0));
}

var grouped = histories.Build();
var options = new FitOptions();
ITransactionModel? model = null;
foreach (var kind in TransactionModels.All)
{
    Row($"fit {kind.Title}", () =>
    {
        var fit = kind.Fit(grouped, null, options);
        model ??= fit.Model;
    }, times: 2);
}

GammaGamma? values = null;
Row("fit Gamma-Gamma", () => values = GammaGammaFit.Run(spend.Build()).Model);
Row("value everybody, write the scores", () => ScoreFile.Write(
    ledger.Customers,
    summaries,
    segmentOf: null,
    new SegmentedModels(new CustomerModels(model!, values), new Dictionary<string, CustomerModels>()),
    new ValuationTerms(52, 0.1),
    Stream.Null,
    Environment.ProcessorCount));
Row("clv score, the whole process", () => GeneratedSet.Score(set.File), times: 2);

AnsiConsole.MarkupLine($"{customers:N0} customers, {set.Rows:N0} rows, {new FileInfo(set.File).Length >> 20} MiB, {Environment.ProcessorCount} cores");
AnsiConsole.Write(table);

void Row(string step, Action run, int times = 3)
{
    var seconds = Best(run, times);
    table.AddRow(step, $"{seconds:0.00}", $"{seconds / plain:0.0}");
}

static double Best(Action run, int times = 3) => Enumerable.Range(0, times).Min(_ =>
{
    var start = Stopwatch.GetTimestamp();
    run();
    return Stopwatch.GetElapsedTime(start).TotalSeconds;
});

TransactionReader Open() => new(File.OpenRead(set.File), "transactions.csv", ExtractMapping.None, ExtractRules.Any, static _ => { });
