using System.CommandLine;
using Clv.Cli.Local;
using Clv.Core.Extracts;
using Clv.Core.Models;

namespace Clv.Cli.Commands;

/// <summary>Options of the commands that estimate models on a file of transactions.</summary>
internal sealed class EstimateOptions
{
    /// <summary>The model's name that lets the backtest choose.</summary>
    public const string Auto = "auto";

    private readonly Option<FileInfo?> _customers = new("--customers")
    {
        Description = "CSV or CSV.gz file of customers: each large segment may get a model of its own.",
    };

    private readonly Option<FileInfo?> _mapping = new("--mapping") { Description = "mapping.json for the file's headers and formats." };

    private readonly Option<DateOnly?> _calibrateUntil =
        SharedOptions.Day("--calibrate-until", "Last day the models see; later transactions are held back. The file's last day when absent, and at most 366 days after it");

    private readonly Option<double> _horizon = new("--horizon-weeks")
    {
        Description = "Weeks of the future that count.",
        DefaultValueFactory = static _ => 52,
    };

    private readonly Option<string> _model;

    private readonly Option<int> _backtestWeeks = SharedOptions.Bounded(
        "--backtest-weeks", 26, 0, 260, "Last weeks of the window, at most a third of it, that are held out to test the models; 0 for no test.");

    private readonly Option<int> _threads = SharedOptions.Bounded(
        "--threads", Environment.ProcessorCount, 1, 64, "Threads that may work; the result is the same for any number.");

    /// <summary>The options.</summary>
    /// <param name="model">The model where none is named.</param>
    public EstimateOptions(string model)
    {
        _model = new Option<string>("--model")
        {
            Description = $"Model of how often: {string.Join(", ", TransactionModels.All.Select(static kind => kind.Id))}, "
                + $"or {Auto} for the one that forecasts the held-out weeks best.",
            DefaultValueFactory = _ => model,
        };
        _model.AcceptOnlyFromAmong([.. TransactionModels.All.Select(static kind => kind.Id), Auto]);
        _horizon.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1040))
            {
                result.AddError("--horizon-weeks must be above 0 and at most 1040.");
            }
        });
    }

    /// <summary>Gives them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_customers, _mapping, _calibrateUntil, _horizon, _model, _backtestWeeks, _threads])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="file">The file of transactions.</param>
    /// <param name="output">The file that the command will write; null for none.</param>
    /// <exception cref="CliException">The output is one of the files that are read.</exception>
    public EstimateSettings Of(ParseResult arguments, FileInfo file, FileInfo? output)
    {
        var (customers, mapping) = (arguments.GetValue(_customers), arguments.GetValue(_mapping));
        foreach (var (input, what) in (ReadOnlySpan<(FileInfo?, string)>)
            [(file, "the file of transactions"), (customers, "the file of customers"), (mapping, "the mapping")])
        {
            if (input is not null && output is not null && IsSame(input, output))
            {
                throw new CliException($"--out is {what} itself: {input.Name}, which would be overwritten. Name another file.");
            }
        }

        return new EstimateSettings(
            file,
            customers,
            mapping is null ? ExtractMapping.None : ExtractMapping.Parse(File.ReadAllBytes(mapping.FullName)),
            arguments.GetValue(_calibrateUntil),
            arguments.GetValue(_horizon),
            arguments.GetValue(_model) is var name and not Auto ? name : null,
            arguments.GetValue(_backtestWeeks),
            arguments.GetValue(_threads));
    }

    /// <summary>Tells, beside what the command prints, what may not be what was meant.</summary>
    public static void PrintWarnings(TransactionsReading reading)
    {
        foreach (var warning in reading.Warnings)
        {
            Console.Error.WriteLine($"Warning: {warning}");
        }
    }

    // Windows and macOS take two spellings of a name for one file, and anywhere a name may be a link to another.
    private static bool IsSame(FileInfo left, FileInfo right) => string.Equals(
        Target(left), Target(right), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private static string Target(FileInfo file) => (file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) : null)?.FullName ?? file.FullName;
}
