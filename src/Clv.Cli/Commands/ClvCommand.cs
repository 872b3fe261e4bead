using System.CommandLine;

namespace Clv.Cli.Commands;

/// <summary>The command line: <c>clv</c> alone is the demo.</summary>
internal static class ClvCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Customer lifetime value, recalculated every night: try it, run it and look customers up on this machine.");
        var demo = DemoCommand.Create();
        foreach (var option in demo.Options)
        {
            root.Options.Add(option);
        }

        root.SetAction((result, cancellationToken) => DemoCommand.RunAsync(result, cancellationToken));
        root.Subcommands.Add(demo);
        root.Subcommands.Add(NightCommand.Create());
        root.Subcommands.Add(RunsCommand.Create());
        root.Subcommands.Add(LookupCommand.Create());
        root.Subcommands.Add(ExplainCommand.Create());
        root.Subcommands.Add(RecordCommand.Create());
        root.Subcommands.Add(EraseCommand.Create());
        root.Subcommands.Add(PortfolioCommand.Create());
        root.Subcommands.Add(ScenarioCommand.Create());
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(HealthCommand.Create());
        root.Subcommands.Add(GenerateCommand.Create());
        root.Subcommands.Add(ScoreCommand.Create());
        root.Subcommands.Add(FitReportCommand.Create());
        root.Subcommands.Add(PublishCommand.Create());
        return root;
    }
}
