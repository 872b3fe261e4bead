using System.CommandLine;
using Clv.Core;
using Clv.Core.Extracts;

namespace Clv.Cli.Commands;

/// <summary>What commands about one person have in common.</summary>
internal static class PersonArguments
{
    public static Argument<string> Id { get; } = new("id") { Description = "The person's id, as the extracts have it." };

    public static Option<string> Language { get; } = Choice("--language", "Language of labels and sentences.", "en", "de");

    /// <summary>The id in its one spelling.</summary>
    /// <exception cref="CliException">It cannot be an id.</exception>
    public static ReadOnlyMemory<byte> NormalId(ParseResult arguments) => NormalId(arguments.GetValue(Id)!);

    /// <inheritdoc cref="NormalId(ParseResult)"/>
    public static ReadOnlyMemory<byte> NormalId(string id) =>
        CustomerId.TryNormalise(id, out var normal, out var reason)
            ? normal
            : throw new CliException($"The customer id cannot be used: {reason.Describe()}.");

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
