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
        SharedOptions.Day("--calibrate-until", "Last day the models see; later transactions are held back. The file's last day when absent");

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
    public EstimateSettings Of(ParseResult arguments, FileInfo file) => new(
        file,
        arguments.GetValue(_customers),
        arguments.GetValue(_mapping) is { } path ? ExtractMapping.Parse(File.ReadAllBytes(path.FullName)) : ExtractMapping.None,
        arguments.GetValue(_calibrateUntil),
        arguments.GetValue(_horizon),
        arguments.GetValue(_model) is var name and not Auto ? name : null,
        arguments.GetValue(_backtestWeeks),
        arguments.GetValue(_threads));
}
