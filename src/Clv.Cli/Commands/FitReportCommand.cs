using System.CommandLine;
using System.Text;
using Clv.Cli.Local;
using Clv.Cli.Report;
using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Commands;

/// <summary><c>clv fit-report</c>: from a file of transactions to one page with the plots of the fit, without any storage.</summary>
internal static class FitReportCommand
{
    private static readonly Argument<FileInfo> Transactions = new("transactions") { Description = "CSV or CSV.gz file of transactions." };

    private static readonly EstimateOptions Estimation = new(EstimateOptions.Auto);

    private static readonly Option<string> Language = new("--language") { Description = "Language of the page.", DefaultValueFactory = static _ => "en" };

    private static readonly Option<FileInfo> Out = new("--out")
    {
        Description = "File for the page.",
        DefaultValueFactory = static _ => new FileInfo("fit-report.html"),
    };

    public static Command Create()
    {
        Language.AcceptOnlyFromAmong(Wording.Languages);
        var command = new Command("fit-report", "Write a page with the plots of a fit: tracking, frequency, calibration, P(alive), spend.")
        {
            Transactions, Out, Language,
        };
        Estimation.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var output = arguments.GetValue(Out)!;
        var settings = Estimation.Of(arguments, arguments.GetValue(Transactions)!, output);
        var report = Estimate(settings);
        EstimateOptions.PrintWarnings(report.Reading);
        var page = FitReportPage.Of(report, new Wording(arguments.GetValue(Language)!));
        File.WriteAllText(output.FullName, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var model = report.Estimate.Model;
        Console.WriteLine(
            $"{output.Name}: {model.Transactions.Customers:N0} customers of {settings.File.Name}, {model.Transactions.Name}, observed until {DateOnly.FromDayNumber(report.Estimate.EndDay):yyyy-MM-dd}");
        return 0;
    }

    private static FitReport Estimate(EstimateSettings settings)
    {
        var reading = new TransactionsReading { File = settings.File.Name };
        PurchaseCalendar? calendar = null;
        CustomerSummary[] later = [];
        var estimate = FileEstimate.Run(settings, reading, static _ => { }, file =>
        {
            var counted = calendar = new PurchaseCalendar(file.FirstDay, Math.Max(file.LastDay, file.EndDay), file.EndDay);
            var outcomes = later = file.LastDay > file.EndDay ? new CustomerSummary[file.Customers] : [];
            return (customer, days, micros) =>
            {
                counted.Add(days, micros);
                if (outcomes.Length > 0)
                {
                    outcomes[customer] = CustomerSummary.Of(days, micros, [], file.LastDay, file.LastDay - file.EndDay);
                }
            };
        });
        var model = estimate.Model;
        var scores = later.Length == 0 ? [] : HoldoutTest.Run(
            TransactionModels.Find(model.Transactions.Kind),
            model.Transactions.ToModel(),
            model.Spend?.ToModel(),
            later,
            (calendar!.LastDay - estimate.EndDay) / 7.0,
            settings.Threads,
            model.Net);
        return new FitReport(reading, estimate, calendar!, scores, settings.HorizonWeeks, settings.Threads);
    }
}
