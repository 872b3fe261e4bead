using Clv.Functions.Access;

namespace Clv.Cli.Local;

/// <summary>Whoever sits at this machine and reads its storage: what the audit knows them by.</summary>
internal static class CommandLine
{
    /// <summary>Someone who owns the data folder, and so may do everything.</summary>
    public static Caller Caller { get; } = new("command-line", Roles.All);
}
