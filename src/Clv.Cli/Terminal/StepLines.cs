using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Prints what is being done, a grey line a step.</summary>
internal sealed class StepLines(IAnsiConsole console) : IProgress<string>
{
    public void Report(string value) => console.MarkupLine($"[grey]{Markup.Escape(value)} ...[/]");
}
