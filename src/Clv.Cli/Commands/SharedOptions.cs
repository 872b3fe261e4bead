using System.CommandLine;
using System.Globalization;

namespace Clv.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    /// <summary>Where the emulator's data and the hash key live.</summary>
    public static Option<DirectoryInfo> Data { get; } = new("--data")
    {
        Description = "Folder of the local storage and its hash key.",
        DefaultValueFactory = static _ => new DirectoryInfo(".clv"),
    };

    /// <summary>What a command that is shown to be typed next needs to find the same storage; empty when it needs nothing.</summary>
    public static string Folder(ParseResult arguments) =>
        arguments.GetResult(Data) is { Implicit: false } ? $" --data \"{arguments.GetValue(Data)}\"" : "";

    public static Option<int> Workers { get; } = Bounded("--workers", 1, 1, 16, "Handler processes that share the night's units.");

    public static Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object instead of a report." };

    public static Option<int> Port { get; } = Bounded("--port", 7071, 0, 65535, "Port of the API on this machine; 0 takes any free one.");

    public static Option<bool> Open { get; } = new("--open") { Description = "Ask nobody for a key: every program on this machine may use the API." };

    public static Option<long> Seed { get; } = new("--seed") { Description = "Seed of the generated customers.", DefaultValueFactory = static _ => 1 };

    public static Option<int> Bounded(string name, int otherwise, int min, int max, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && (value < min || value > max))
            {
                result.AddError($"{name} must be from {min} to {max}.");
            }
        });
        return option;
    }

    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description + " (yyyy-MM-dd)",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return day;
            }

            result.AddError($"{name} must be a date such as 2026-11-22.");
            return null;
        },
    };
}
