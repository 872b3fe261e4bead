using Clv.Functions.Access;
using Microsoft.OpenApi;

namespace Clv.Functions.Description;

/// <summary>The ways to say who is asking, one for each <see cref="AccessMode"/>.</summary>
internal static class SecuritySchemes
{
    private const string OwnKey = "apiKey";
    private const string HostKey = "functionKey";
    private const string Person = "appService";

    /// <summary>The schemes by name.</summary>
    public static IDictionary<string, IOpenApiSecurityScheme> All() => new SortedDictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
    {
        [OwnKey] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = ApiKeys.Header,
            Description = "One of the app's own keys, which has one or more roles. In force where the setting Clv:Access is ApiKeys, as under `clv`.",
        },
        [HostKey] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "x-functions-key",
            Description = "A key of the Azure Functions host, which has all roles. In force where the setting Clv:Access is FunctionKeys, the default.",
        },
        [Person] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "A token of Entra ID for App Service authentication; its app roles Clv.Agent, Clv.Analyst and Clv.Operator are the roles. "
                + "In force where the setting Clv:Access is AppService. Browsers sign in by a cookie instead.",
        },
    };

    /// <summary>What a request needs: one of these.</summary>
    /// <param name="rule">The route's rule.</param>
    /// <param name="roles">The roles of which one is needed.</param>
    /// <param name="document">The document.</param>
    public static List<OpenApiSecurityRequirement> Needed(AccessRule rule, Roles roles, OpenApiDocument document)
    {
        if (rule.Anyone)
        {
            return [[]];
        }

        string[] names = [.. roles.Names()];
        return
        [
            .. names.Select(role => Requirement(OwnKey, [role])),
            .. names.Select(role => Requirement(Person, [role])),
            Requirement(HostKey, []),
        ];

        OpenApiSecurityRequirement Requirement(string scheme, List<string> role) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = role };
    }
}
