namespace Clv.Cli.Simulation;

/// <summary>A file of the extract contract: its columns, and the rows that a person has in it as the CRM knows them at the end of a day.</summary>
/// <param name="Name">The contract's name, such as <c>transactions</c>.</param>
/// <param name="Columns">The contract's names of the columns.</param>
/// <param name="DateColumn">The column that holds the rows' date.</param>
/// <param name="Rows">
/// The rows of a person on a day. A cell is null, a <see cref="DateOnly"/>, a decimal, a whole number, a text, a <see cref="PhoneCell"/>, or a <see cref="Code"/>.
/// </param>
internal sealed record ExtractTable(
    string Name, IReadOnlyList<string> Columns, string DateColumn, Func<SimulatedPerson, DateOnly, IEnumerable<object?[]>> Rows);

/// <summary>A cell out of a list of values, which every CRM names in its own way.</summary>
/// <param name="Value">The contract's value, or the name in English.</param>
internal readonly record struct Code(string Value)
{
    /// <summary>A cell of a value that may be unknown.</summary>
    public static object? Of(string? value) => value is null ? null : new Code(value);
}
