using Clv.Functions.Lookup;
using Spectre.Console;

namespace Clv.Cli.Terminal;

/// <summary>Shows a calculation on the terminal: a block per step, with its formula, its figures and its result.</summary>
internal static class ExplanationView
{
    private const int FiguresOnALine = 6;

    /// <summary>Prints the steps.</summary>
    public static void Print(IAnsiConsole console, string id, ExplanationAnswer answer)
    {
        console.MarkupLine($"[bold]{Markup.Escape(id)}[/] [grey]in run {answer.Run} of {answer.Date:yyyy-MM-dd}{(answer.Currency is { } currency ? $", amounts in {currency}" : "")}[/]");
        foreach (var step in answer.Steps)
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{Markup.Escape(step.Label)}[/]");
            console.MarkupLine($"  {Markup.Escape(step.Symbol)} = {Markup.Escape(step.Formula)} = [green]{step.Result:R}[/] [grey]{Markup.Escape(step.Unit == "currency" && answer.Currency is { } code ? code : step.Unit)}[/]");
            foreach (var line in step.Figures.Chunk(FiguresOnALine))
            {
                console.MarkupLine($"    [grey]{Markup.Escape(string.Join("   ", line.Select(static f => $"{f.Symbol} {f.Value:R}")))}[/]");
            }

            if (step.Model is { } page)
            {
                console.MarkupLine($"    [grey]formulas: {Markup.Escape(page)}[/]");
            }
        }

        if (answer.Prospect is { } prospect)
        {
            console.MarkupLine(
                $"  expected = cents(valueIfWon x conversion) = cents({prospect.ValueIfWon} x {prospect.Conversion:R}) = [green]{prospect.Expected}[/]");
            console.MarkupLine(
                $"    [grey]from {prospect.Customers:N0} customers alike, whose own figures weigh {prospect.Own:P0}; 4 of 5 such customers are worth {prospect.Low} to {prospect.High}[/]");
        }
    }
}
