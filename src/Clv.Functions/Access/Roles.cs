namespace Clv.Functions.Access;

/// <summary>What a caller may do.</summary>
[Flags]
public enum Roles
{
    /// <summary>Nothing but ask for health.</summary>
    None = 0,

    /// <summary>Look people up.</summary>
    Agent = 1,

    /// <summary>Read the portfolio, scenarios, explanations and models.</summary>
    Analyst = 2,

    /// <summary>Start, release and roll back runs; erase people and give them their data.</summary>
    Operator = 4,

    /// <summary>Everything.</summary>
    All = Agent | Analyst | Operator,
}

/// <summary>Roles in words.</summary>
internal static class RoleNames
{
    /// <summary>The name of each role.</summary>
    public static IEnumerable<string> Names(this Roles roles) => ((Roles[])[Roles.Agent, Roles.Analyst, Roles.Operator])
        .Where(role => roles.HasFlag(role))
        .Select(static role => role.ToString().ToLowerInvariant());
}
