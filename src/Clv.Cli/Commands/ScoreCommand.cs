using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Core.Estimation;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Cli.Commands;

/// <summary><c>clv score</c>: from a file of transactions to a file of values, without any storage.</summary>
internal static class ScoreCommand
{
    private const string Auto = "auto";
    private const string DefaultModel = "bg-nbd";

    private static readonly Option<FileInfo> Transactions = new("--transactions")
    {
        Description = "CSV or CSV.gz file of transactions.",
        Required = true,
    };

    private static readonly Option<FileInfo?> Mapping = new("--mapping") { Description = "mapping.json for the file's headers and formats." };

    private static readonly Option<DateOnly?> CalibrateUntil =
        SharedOptions.Day("--calibrate-until", "Last day the models see; later transactions are left out. The file's last day when absent");

    private static readonly Option<double> Horizon = new("--horizon-weeks")
    {
        Description = "Weeks of the future that count.",
        DefaultValueFactory = static _ => 52,
    };

    private static readonly Option<double> Discount = new("--discount-rate")
    {
        Description = "Discount rate a year, effective.",
        DefaultValueFactory = static _ => 0.10,
    };

    private static readonly Option<string> Model = new("--model")
    {
        Description = $"Model of how often: {string.Join(", ", TransactionModels.All.Select(static kind => kind.Id))}, "
            + $"or {Auto} for the one that forecasts the held-out weeks best.",
        DefaultValueFactory = static _ => DefaultModel,
    };

    private static readonly Option<int> BacktestWeeks = SharedOptions.Bounded(
        "--backtest-weeks", 26, 0, 260, "Last weeks of the window that are held out to test the models; 0 for no test.");

    private static readonly Option<bool> Intervals = new("--intervals")
    {
        Description = "Add to each customer the interval that holds the future value with a probability of 80 %.",
    };

    private static readonly Option<FileInfo?> Out = new("--out")
    {
        Description = "File for the scores; standard output when neither this nor --json is given.",
    };

    private static readonly Option<int> Threads = SharedOptions.Bounded(
        "--threads", Environment.ProcessorCount, 1, 64, "Threads that may work; the result is the same for any number.");

    public static Command Create()
    {
        Horizon.Validators.Add(static result =>
            Check(result.GetValueOrDefault<double>() is > 0 and <= 1040, result, "--horizon-weeks must be above 0 and at most 1040."));
        Discount.Validators.Add(static result =>
            Check(result.GetValueOrDefault<double>() is >= 0 and <= 1, result, "--discount-rate must be from 0 to 1: 0.1 is ten per cent."));
        Model.AcceptOnlyFromAmong([.. TransactionModels.All.Select(static kind => kind.Id), Auto]);
        var command = new Command("score", "Score a file of transactions, without any storage: customer by customer to CSV.")
        {
            Transactions, Mapping, CalibrateUntil, Horizon, Discount, Model, BacktestWeeks, Intervals, Out, Threads, SharedOptions.Json,
        };
        command.SetAction(Run);
        return command;

        static void Check(bool holds, System.CommandLine.Parsing.OptionResult result, string message)
        {
            if (!holds)
            {
                result.AddError(message);
            }
        }
    }

    private static int Run(ParseResult arguments)
    {
        var clock = new StepClock();
        var file = arguments.GetValue(Transactions)!;
        var mapping = arguments.GetValue(Mapping) is { } path ? ExtractMapping.Parse(File.ReadAllBytes(path.FullName)) : ExtractMapping.None;
        var threads = arguments.GetValue(Threads);
        var set = new ScoreReport { File = file.Name };

        var ledger = Read(file, mapping, set);
        clock.Lap("read");
        if (ledger.Customers.Count == 0)
        {
            throw new CliException($"{file.Name} has no usable row: {set.RowsRead:N0} were read and {set.RowsQuarantined:N0} could not be used.");
        }

        var end = arguments.GetValue(CalibrateUntil)?.DayNumber ?? ledger.LastDay;
        var weeks = arguments.GetValue(BacktestWeeks);
        var (summaries, ages, replaced) = ledger.Summarise(end, weeks * 7, threads);
        clock.Lap("summarise");

        var customers = new CustomerBase();
        var margins = new MarginEstimation();
        foreach (ref readonly var summary in summaries.AsSpan())
        {
            customers.Add(summary);
            margins.Add(summary);
        }

        customers.Add(ages);
        clock.Lap("group");
        if (customers.Customers == 0)
        {
            throw new CliException($"No customer in {file.Name} has a purchase by {DateOnly.FromDayNumber(end):yyyy-MM-dd} that was not undone, so there is nothing to estimate.");
        }

        var name = arguments.GetValue(Model)!;
        var options = new EstimationOptions { BacktestWeeks = weeks, Threads = threads, Done = clock.Lap };
        var estimate = Estimator.Run(customers, name == Auto ? options : options with { Candidates = [TransactionModels.Find(name)] });
        set.Model = ModelFile.Of(estimate, margins.Rates(), weeks, run: "");
        var terms = new ValuationTerms(arguments.GetValue(Horizon), arguments.GetValue(Discount));
        var models = set.Model.ToModels(arguments.GetValue(Intervals));
        set.FutureValue = Write(arguments, ledger.Customers, summaries, models, terms, threads);
        clock.Lap("value");

        set.RowsReplaced = replaced;
        set.ObservationEnd = DateOnly.FromDayNumber(end);
        set.Customers = summaries.Length;
        set.WithoutPurchase = summaries.LongCount(static s => !s.Whole.HasPurchase);
        set.Seconds = clock.Laps;
        set.PeakMegabytes = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        Report(arguments, set);
        return 0;
    }

    private static PurchaseLedger Read(FileInfo file, ExtractMapping mapping, ScoreReport report)
    {
        using var reader = new TransactionReader(
            ExtractStream.Open(new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan), file.Name),
            file.Name,
            mapping,
            TransactionRules.Any,
            report.Quarantine);
        var ledger = new PurchaseLedger(reader.HasTransactionIds);
        ledger.Load(reader);
        report.RowsRead = reader.RowsRead;
        report.RowsQuarantined = reader.RowsQuarantined;
        report.UnknownColumns = reader.UnknownColumns;
        return ledger;
    }

    private static double Write(
        ParseResult arguments, CustomerTable customers, CustomerSummary[] summaries, SegmentedModels models, ValuationTerms terms, int threads)
    {
        var path = arguments.GetValue(Out);
        if (path is null && arguments.GetValue(SharedOptions.Json))
        {
            return ScoreFile.Write(customers, summaries, segmentOf: null, models, terms, output: null, threads);
        }

        using var output = path is null ? Console.OpenStandardOutput() : new FileStream(path.FullName, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        return ScoreFile.Write(customers, summaries, segmentOf: null, models, terms, output, threads);
    }

    private static void Report(ParseResult arguments, ScoreReport report)
    {
        if (arguments.GetValue(SharedOptions.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ApiJson.Options));
            return;
        }

        // The scores may be on standard output.
        Console.Error.WriteLine(
            $"{report.Customers:N0} customers from {report.RowsRead:N0} rows "
            + $"({report.RowsQuarantined:N0} quarantined, {report.RowsReplaced:N0} replaced), observed until {report.ObservationEnd:yyyy-MM-dd}");
        foreach (var (reason, count) in report.Quarantined)
        {
            Console.Error.WriteLine(
                $"  {count.Rows:N0} rows set aside, the first in line {count.FirstLine}, column {count.Column}: {reason.Describe()}");
        }

        ModelView.Print(Console.Error, report.Model!);
        Console.Error.WriteLine($"Future value in all: {report.FutureValue:N2}");
        var seconds = string.Join("  ", report.Seconds.Select(static s => $"{s.Key} {s.Value:0.00}"));
        Console.Error.WriteLine($"Seconds: {seconds}; at most {report.PeakMegabytes} MB");
    }
}
