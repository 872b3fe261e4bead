namespace Clv.Cli;

/// <summary>The command cannot be carried out; the message says why and what to do, and is all that the user sees.</summary>
public sealed class CliException(string message, Exception? cause = null) : Exception(message, cause);
