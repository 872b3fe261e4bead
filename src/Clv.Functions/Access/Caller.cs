namespace Clv.Functions.Access;

/// <summary>Who sends a request.</summary>
/// <param name="Id">What the audit knows the caller by: an object id, or the name of a key; never a person's name or address.</param>
/// <param name="Roles">What the caller may do.</param>
public sealed record Caller(string Id, Roles Roles)
{
    /// <summary>Whoever the Functions host let in by one of its keys.</summary>
    public static Caller Host { get; } = new("functions-key", Roles.All);

    /// <summary>Why the caller may not do what one of some roles is needed for, as a sentence; null when the caller may.</summary>
    public string? Refusal(Roles needed) => (Roles & needed) != Roles.None ? null
        : $"This needs the role {string.Join(" or ", needed.Names())}; this caller has "
            + $"{(Roles == Roles.None ? "no role" : string.Join(" and ", Roles.Names()))}.";
}
