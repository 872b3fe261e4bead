namespace Clv.Functions.Access;

/// <summary>Who may use a route. A route without a rule is refused to everybody.</summary>
/// <param name="Roles">One of these is needed.</param>
/// <param name="Anyone">Whether nothing is needed.</param>
/// <param name="HostOnly">Whether it is the Functions host's alone.</param>
internal sealed record AccessRule(Roles Roles, bool Anyone = false, bool HostOnly = false);

/// <summary>States a route's rule where the route is mapped.</summary>
internal static class AccessRules
{
    /// <summary>Lets callers in who have one of the roles.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Roles roles)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(roles));

    /// <summary>Lets everybody in, without a limit on how often.</summary>
    public static TBuilder OpenToAnyone<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Roles.None, Anyone: true)).DisableRateLimiting();

    /// <summary>Lets nobody in but the Functions host itself (<see cref="HostCalls"/>).</summary>
    public static TBuilder RequiresHost<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(Roles.None, HostOnly: true)).DisableRateLimiting();
}
