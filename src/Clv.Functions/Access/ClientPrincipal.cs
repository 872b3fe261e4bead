using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clv.Functions.Access;

/// <summary>
/// Whom App Service authentication signed in: the header X-MS-CLIENT-PRINCIPAL, base64 of a JSON object with the claims of the token. It is
/// not signed; that App Service takes it off every request from outside is what makes it true, so the app does not start in this mode
/// where that is off (<see cref="AccessOptions"/>).
/// </summary>
internal sealed class ClientPrincipal : ICallerSource
{
    /// <summary>The header.</summary>
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    // Groups and other claims make it long, but App Service itself takes no more than 16 KB of headers from outside.
    private const int LongestHeader = 32 << 10;

    private static readonly JsonSerializerOptions Json = new() { MaxDepth = 8 };

    private static readonly string[] ObjectIds = ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid"];

    public string Challenge => "Bearer";

    public string Needed => "Sign in: App Service authentication, which stands in front of this app, has to know who sends the request.";

    public Caller? Find(HttpRequest request)
    {
        if (request.Headers[Header] is not [{ Length: > 0 and <= LongestHeader } text] || Read(text) is not { Claims: { } claims } principal)
        {
            return null;
        }

        // An id that is no id could be somebody's name.
        var ids = ValuesOf(claims, ObjectIds).Select(static id => Guid.TryParseExact(id, "D", out var guid) ? guid : Guid.Empty).Distinct().ToList();
        return ids is [{ } id] && id != Guid.Empty
            ? new Caller(id.ToString(), RolesOf(ValuesOf(claims, ["roles", principal.RoleType ?? "roles"])))
            : null;
    }

    private static Principal? Read(string text)
    {
        try
        {
            return Base64.IsValid(text) ? JsonSerializer.Deserialize<Principal>(Encoding.UTF8.GetString(Convert.FromBase64String(text)), Json) : null;
        }
        catch (JsonException)
        {
            // Junk is nobody.
            return null;
        }
    }

    // A value may be of any kind; roles and ids are texts.
    private static IEnumerable<string> ValuesOf(IReadOnlyList<Claim?> claims, string[] types) => claims
        .Where(claim => claim?.Type is { } type && Array.Exists(types, known => known.Equals(type, StringComparison.Ordinal)))
        .Select(static claim => claim!.Value)
        .Where(static value => value.ValueKind == JsonValueKind.String)
        .Select(static value => value.GetString()!);

    private static Roles RolesOf(IEnumerable<string> names) => names.Aggregate(Roles.None, static (roles, name) => roles | name switch
    {
        "Clv.Agent" => Roles.Agent,
        "Clv.Analyst" => Roles.Analyst,
        "Clv.Operator" => Roles.Operator,
        _ => Roles.None,
    });

    private sealed record Principal(
        [property: JsonPropertyName("role_typ")] string? RoleType, [property: JsonPropertyName("claims")] IReadOnlyList<Claim?>? Claims);

    private sealed record Claim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] JsonElement Value);
}
