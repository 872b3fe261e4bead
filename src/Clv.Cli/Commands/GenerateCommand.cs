using System.CommandLine;
using Clv.Cli.Simulation;
using Clv.Cli.Terminal;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv generate</c>: an extract set of customers of whom the truth is known.</summary>
internal static class GenerateCommand
{
    public static readonly Option<int> Customers = SharedOptions.Bounded("--customers", 2000, 1, 10_000_000, "How many customers to simulate.");

    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder to write the extract set to.", Required = true };

    public static readonly Option<DateOnly?> Until = SharedOptions.Day("--until", "Last day of what is simulated; today when absent");

    private static readonly Option<DateOnly?> Origin = SharedOptions.Day(
        "--origin",
        "First day of the simulated world, about as many customers as are asked for having bought in its six years. Sets of one origin, seed and "
        + "number of customers show the same world, a later one with more in it. New year five years before --until's when absent, so that days "
        + "of one year share a world; state it for sets on both sides of a new year");

    private static readonly Option<DateOnly?> Since = SharedOptions.Day(
        "--since", "Write a delta: only what is new or different since the end of this day, the --until of the set before");

    private static readonly Option<string> Format = new("--format")
    {
        Description = "How the files are written: english (the extract contract's own names and formats) or german (names, codes and formats of a German "
            + "CRM, with the mapping.json that reads them).",
        DefaultValueFactory = static _ => "english",
    };

    private const string NoProfile = "none";

    private static readonly Option<string> Profile = new("--profile")
    {
        Description = "The industry profile that comes with the set: the simulated firm's own, one of the examples, or none.",
        DefaultValueFactory = static _ => ExtractSet.OwnProfile,
    };

    private static readonly Option<double> Flaws = new("--flaws") { Description = "Share of rows that are broken on purpose, 0 to 1." };

    private static readonly Option<bool> Plain = new("--plain")
    {
        Description = "Write nothing but transactions that follow BG/NBD and Gamma-Gamma exactly, over ten years.",
    };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("english", "german");
        Profile.AcceptOnlyFromAmong([.. ExtractSet.Profiles, NoProfile]);
        Flaws.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
            {
                result.AddError("--flaws must be from 0 to 1, such as 0.01.");
            }
        });
        var command = new Command("generate", "Simulate customers and write what a CRM would know of them as an extract set.")
        {
            Customers, Out, SharedOptions.Seed, Until, Origin, Since, Format, Profile, Flaws, Plain,
        };
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Plain) && ((Option[])[Origin, Since, Format, Profile, Flaws]).FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } other)
            {
                result.AddError($"{other.Name} does not go with --plain, which writes transactions only.");
            }
        });
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var folder = arguments.GetValue(Out)!;
        var until = arguments.GetValue(Until) ?? DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
        var (customers, seed) = (arguments.GetValue(Customers), arguments.GetValue(SharedOptions.Seed));
        if (arguments.GetValue(Plain))
        {
            var population = new SimulatedPopulation(customers, seed, until);
            var rows = population.Write(folder);
            Consoles.Output.MarkupLine($"[bold]{rows:N0}[/] transactions of [bold]{customers:N0}[/] customers in {Markup.Escape(folder.FullName)}");
            Consoles.Output.MarkupLine($"True parameters: {population.Describe()}");
            return 0;
        }

        var (stated, since) = (arguments.GetValue(Origin), arguments.GetValue(Since));
        var origin = stated ?? SimulatedWorld.OriginOf(until);
        if (origin > until || since >= until)
        {
            throw new CliException($"--until {until:yyyy-MM-dd} must be a day after --since, and not before --origin.");
        }

        if (stated is null && since is { } before && SimulatedWorld.OriginOf(before) != origin)
        {
            throw new CliException(
                $"--since {before:yyyy-MM-dd} is of another year than --until {until:yyyy-MM-dd}, and so of another world: state the --origin of both sets.");
        }

        var set = new ExtractSet(
            new SimulatedWorld(customers, seed, origin, until), arguments.GetValue(Format) == "german" ? ExtractFormat.German : ExtractFormat.English)
        {
            Since = since,
            Profile = arguments.GetValue(Profile) is { } profile && profile != NoProfile ? profile : null,
            Flaws = arguments.GetValue(Flaws),
        };
        Print(set.Write(folder), folder);
        return 0;
    }

    private static void Print(IReadOnlyList<WrittenFile> files, DirectoryInfo folder)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("File").AddColumn("Rows", static column => column.RightAligned());
        foreach (var file in files)
        {
            table.AddRow(Markup.Escape(file.Name), $"{file.Rows:N0}");
        }

        Consoles.Output.Write(table);
        Consoles.Output.MarkupLine($"In {Markup.Escape(folder.FullName)}; what is true of these customers is in truth.json.");
    }
}
