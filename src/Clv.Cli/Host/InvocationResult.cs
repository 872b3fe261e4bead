namespace Clv.Cli.Host;

/// <summary>How a call of a function ended.</summary>
/// <param name="Failure">Why it failed, or null when it succeeded.</param>
public sealed record InvocationResult(string? Failure)
{
    internal static readonly InvocationResult Success = new((string?)null);

    /// <summary>Whether the handler answered that it did its work.</summary>
    public bool Succeeded => Failure is null;
}
