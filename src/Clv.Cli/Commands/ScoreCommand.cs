using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Terminal;
using Clv.Core.Extracts;
using Clv.Core.Valuation;

namespace Clv.Cli.Commands;

/// <summary><c>clv score</c>: from a file of transactions to a file of values, without any storage.</summary>
internal static class ScoreCommand
{
    private static readonly Option<FileInfo> Transactions = new("--transactions")
    {
        Description = "CSV or CSV.gz file of transactions.",
        Required = true,
    };

    private static readonly EstimateOptions Estimation = new(model: "bg-nbd");

    private static readonly Option<double> Discount = new("--discount-rate")
    {
        Description = "Discount rate a year, effective.",
        DefaultValueFactory = static _ => 0.10,
    };

    private static readonly Option<bool> Intervals = new("--intervals")
    {
        Description = "Add to each customer a whole-number forecast and the interval that holds the future value with a probability of 80 %.",
    };

    private static readonly Option<FileInfo?> Out = new("--out")
    {
        Description = "File for the scores; standard output when neither this nor --json is given.",
    };

    public static Command Create()
    {
        Discount.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
            {
                result.AddError("--discount-rate must be from 0 to 1: 0.1 is ten per cent.");
            }
        });
        var command = new Command("score", "Score a file of transactions, without any storage: customer by customer to CSV.")
        {
            Transactions, Discount, Intervals, Out, SharedOptions.Json,
        };
        Estimation.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var clock = new StepClock();
        var file = arguments.GetValue(Transactions)!;
        var settings = Estimation.Of(arguments, file, arguments.GetValue(Out)) with { WholeNumbers = arguments.GetValue(Intervals) };
        var set = new ScoreReport { File = file.Name };
        var estimate = FileEstimate.Run(settings, set, clock.Lap);
        EstimateOptions.PrintWarnings(set);
        var summaries = estimate.Summaries;
        set.Model = estimate.Model;
        var terms = new ValuationTerms(settings.HorizonWeeks, arguments.GetValue(Discount));
        var models = estimate.Model.ToModels(arguments.GetValue(Intervals));
        set.FutureValue = Write(arguments, estimate, models, terms, settings.Threads);
        clock.Lap("value");

        set.ObservationEnd = DateOnly.FromDayNumber(estimate.EndDay);
        set.Customers = summaries.Length;
        set.WithoutPurchase = summaries.LongCount(static s => !s.Whole.HasPurchase);
        set.Seconds = clock.Laps;
        set.PeakMegabytes = Process.GetCurrentProcess().PeakWorkingSet64 >> 20;
        Report(arguments, set);
        return 0;
    }

    private static double Write(
        ParseResult arguments, FileEstimate estimate, SegmentedModels models, ValuationTerms terms, int threads)
    {
        var path = arguments.GetValue(Out);
        if (path is null && arguments.GetValue(SharedOptions.Json))
        {
            return ScoreFile.Write(estimate.Customers, estimate.Summaries, estimate.SegmentOf, models, terms, output: null, threads);
        }

        using var output = path is null ? Console.OpenStandardOutput() : new FileStream(path.FullName, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        return ScoreFile.Write(estimate.Customers, estimate.Summaries, estimate.SegmentOf, models, terms, output, threads);
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
        PrintSetAside(report);
        if (report.CustomerFile is { } customers)
        {
            Console.Error.WriteLine(
                $"{customers.File}: {customers.RowsRead:N0} rows of customers ({customers.RowsQuarantined:N0} quarantined, "
                + $"{customers.WithoutTransactions:N0} without transactions), {SegmentsOf(customers)}");
            PrintSetAside(customers);
        }

        ModelView.Print(Console.Error, report.Model!);
        Console.Error.WriteLine($"Future value in all: {report.FutureValue:N2}");
        var seconds = string.Join("  ", report.Seconds.Select(static s => $"{s.Key} {s.Value:0.00}"));
        Console.Error.WriteLine($"Seconds: {seconds}; at most {report.PeakMegabytes} MB");
    }
    private static string SegmentsOf(CustomersReading customers) => customers switch
    {
        { SegmentColumn: null } => "none of whose columns gives segments",
        { RowsBeyondSegments: > 0 } => $"segments from {customers.SegmentColumn}, "
            + $"which has more than {SegmentLabels.MaxCount:N0} different values: {customers.RowsBeyondSegments:N0} rows give none",
        _ => $"segments from {customers.SegmentColumn}",
    };

    private static void PrintSetAside(FileReading reading)
    {
        foreach (var (reason, count) in reading.Quarantined)
        {
            Console.Error.WriteLine(
                $"  {count.Rows:N0} rows set aside, the first in line {count.FirstLine}, column {count.Column}: {reason.Describe()}");
        }
    }
}
