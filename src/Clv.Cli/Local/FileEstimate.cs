using Clv.Core.Estimation;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Local;

/// <summary>How a file of transactions is read and models are estimated on it.</summary>
/// <param name="File">The file, CSV or CSV.gz.</param>
/// <param name="Customers">A customer file with their segments; null for none.</param>
/// <param name="Mapping">The files' headers and formats.</param>
/// <param name="CalibrateUntil">The last day the models see; the file's last day when null.</param>
/// <param name="HorizonWeeks">Weeks of the future that count.</param>
/// <param name="Model">The id of the one model to fit; null to choose among all.</param>
/// <param name="BacktestWeeks">Weeks at the window's end that are held out to test the models, but at most a third of the window.</param>
/// <param name="Threads">Threads that may work; the result is the same for any number.</param>
internal sealed record EstimateSettings(
    FileInfo File, FileInfo? Customers, ExtractMapping Mapping, DateOnly? CalibrateUntil, double HorizonWeeks, string? Model, int BacktestWeeks, int Threads)
{
    /// <summary>Whether whole-number forecasts over the horizon are made too.</summary>
    public bool WholeNumbers { get; init; }
}

/// <summary>The customers of a file of transactions and the models estimated on them.</summary>
/// <param name="Customers">The customers, in the order of their first row.</param>
/// <param name="Summaries">Their purchases, beside them.</param>
/// <param name="EndDay">The last day the models saw.</param>
/// <param name="Model">The models.</param>
/// <param name="Segments">The customers' segments; null without a customer file.</param>
internal sealed record FileEstimate(CustomerTable Customers, CustomerSummary[] Summaries, int EndDay, ModelFile Model, CustomerSegments? Segments)
{
    private const int MostDaysBeyond = 366;

    /// <summary>The label of a customer's segment by its place; null for none.</summary>
    public string? SegmentOf(int customer) => Segments is null ? null : SegmentOf(Segments, customer);

    /// <summary>Reads, summarises and estimates.</summary>
    /// <param name="settings">How.</param>
    /// <param name="reading">Takes down what became of the rows.</param>
    /// <param name="done">Called with the name of each step that is done.</param>
    /// <param name="visit">Makes, of what the file spans, a visitor of every customer's rows; null for none.</param>
    /// <exception cref="CliException">The file has nothing to estimate anything on, or the models are to see much more than it holds.</exception>
    /// <exception cref="ExtractRefusedException">The file cannot be used.</exception>
    public static FileEstimate Run(
        EstimateSettings settings, TransactionsReading reading, Action<string> done, Func<FileSpan, PurchaseVisitor>? visit = null)
    {
        var ledger = Read(settings, reading);
        done("read");
        if (ledger.Customers.Count == 0)
        {
            throw new CliException(
                $"{settings.File.Name} has no usable row: {reading.RowsRead:N0} were read and {reading.RowsQuarantined:N0} could not be used.");
        }

        var end = settings.CalibrateUntil?.DayNumber ?? ledger.LastDay;
        if (end > ledger.LastDay)
        {
            reading.Warnings = [Beyond(settings.File, ledger.LastDay, end)];
        }

        var weeks = BacktestWindow.Weeks(settings.BacktestWeeks, ledger.FirstDay, end);
        var (summaries, ages, replaced) = ledger.Summarise(
            end, weeks * 7, settings.Threads, visit?.Invoke(new FileSpan(ledger.Customers.Count, ledger.FirstDay, ledger.LastDay, end)));
        reading.RowsReplaced = replaced;
        done("summarise");

        var segments = settings.Customers is { } file ? ReadSegments(file, settings.Mapping, ledger.Customers, reading) : null;
        var customers = new CustomerBase();
        for (var i = 0; i < summaries.Length; i++)
        {
            customers.Add(summaries[i], segments is null ? null : SegmentOf(segments, i));
        }

        customers.Add(ages);
        done("group");
        if (customers.Customers == 0)
        {
            throw new CliException(
                $"No customer in {settings.File.Name} has a purchase by {DateOnly.FromDayNumber(end):yyyy-MM-dd} that was not undone, so there is nothing to estimate.");
        }

        var options = new EstimationOptions
        {
            BacktestWeeks = weeks,
            HorizonWeeks = settings.WholeNumbers ? settings.HorizonWeeks : null,
            Threads = settings.Threads,
            Done = done,
        };
        // Who names a model wants that one as the literature has it, or to know why not.
        var estimate = Estimator.Run(
            customers, settings.Model is { } id ? options with { Candidates = [TransactionModels.Find(id)], CorrectsSpend = false } : options);
        if (settings.Model is { } named && estimate.Transactions.Kind.Id != named)
        {
            throw new CliException($"{named} cannot be estimated on {settings.File.Name}. {estimate.Refused[named]} With --model auto the best that can be is used.");
        }

        return new FileEstimate(ledger.Customers, summaries, end, ModelFile.Of(estimate, weeks, run: ""), segments);
    }

    private static string? SegmentOf(CustomerSegments segments, int customer) =>
        segments.Of[customer] is > 0 and var number ? segments.Labels[number] : null;

    // A file may well end on a day before the last of its window, but one that says nothing of a whole year is not of that window.
    private static string Beyond(FileInfo file, int lastDay, int endDay)
    {
        var (last, end) = (DateOnly.FromDayNumber(lastDay), DateOnly.FromDayNumber(endDay));
        return endDay - lastDay <= MostDaysBeyond
            ? $"The last row of {file.Name} is of {last:yyyy-MM-dd}: until {end:yyyy-MM-dd} the models see {endDay - lastDay:N0} days on which nobody bought anything."
            : throw new CliException(
                $"--calibrate-until {end:yyyy-MM-dd} is {endDay - lastDay:N0} days after the last row of {file.Name}, of {last:yyyy-MM-dd}: name a day at most {MostDaysBeyond} days after it, or leave the option out.");
    }

    private static CustomerSegments ReadSegments(FileInfo file, ExtractMapping mapping, CustomerTable customers, TransactionsReading transactions)
    {
        var reading = transactions.CustomerFile = new CustomersReading { File = file.Name };
        using var reader = new CustomerReader(Open(file), file.Name, mapping, ExtractRules.Any, reading.Quarantine);
        var segments = CustomerSegments.Read(reader, customers);
        reading.RowsRead = reader.RowsRead;
        reading.RowsQuarantined = reader.RowsQuarantined;
        reading.UnknownColumns = reader.UnknownColumns;
        reading.SegmentColumn = reader.SegmentColumn;
        reading.RowsBeyondSegments = reader.RowsBeyondSegments;
        reading.WithoutTransactions = segments.WithoutTransactions;
        return segments;
    }

    private static PurchaseLedger Read(EstimateSettings settings, TransactionsReading reading)
    {
        using var reader = new TransactionReader(
            Open(settings.File), settings.File.Name, settings.Mapping, ExtractRules.Any, reading.Quarantine);
        var ledger = new PurchaseLedger(reader.HasTransactionIds, reader.HasMargins);
        ledger.Load(reader);
        reading.RowsRead = reader.RowsRead;
        reading.RowsQuarantined = reader.RowsQuarantined;
        reading.UnknownColumns = reader.UnknownColumns;
        return ledger;
    }

    private static Stream Open(FileInfo file) => ExtractStream.Open(
        new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan), file.Name);
}

/// <summary>What a file of transactions spans.</summary>
/// <param name="Customers">How many customers there are.</param>
/// <param name="FirstDay">The first day of any row.</param>
/// <param name="LastDay">The last day of any row.</param>
/// <param name="EndDay">The last day the models see.</param>
internal sealed record FileSpan(int Customers, int FirstDay, int LastDay, int EndDay);
