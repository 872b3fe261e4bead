using Microsoft.OpenApi;

namespace Clv.Functions.Description;

/// <summary>The errors that many operations have in common, and what an error looks like.</summary>
internal static class CommonAnswers
{
    /// <summary>The schema of problem details.</summary>
    public const string Problem = "Problem";

    private const string Unauthorised = "Unauthorised";
    private const string Forbidden = "Forbidden";
    private const string TooLarge = "TooLarge";
    private const string NoJson = "NoJson";
    private const string TooMany = "TooMany";
    private const string Failed = "Failed";
    private const string Unavailable = "Unavailable";

    /// <summary>Errors of what needs a role.</summary>
    public static readonly IReadOnlyList<(int Status, string Answer)> OfRoles =
    [
        (StatusCodes.Status401Unauthorized, Unauthorised),
        (StatusCodes.Status403Forbidden, Forbidden),
        (StatusCodes.Status429TooManyRequests, TooMany),
    ];

    /// <summary>Errors of what asks storage.</summary>
    public static readonly IReadOnlyList<(int Status, string Answer)> OfStorage =
    [
        (StatusCodes.Status500InternalServerError, Failed),
        (StatusCodes.Status503ServiceUnavailable, Unavailable),
    ];

    /// <summary>Errors of what takes a body.</summary>
    public static readonly IReadOnlyList<(int Status, string Answer)> OfBodies =
    [
        (StatusCodes.Status413PayloadTooLarge, TooLarge),
        (StatusCodes.Status415UnsupportedMediaType, NoJson),
    ];

    /// <summary>The answers by name.</summary>
    public static IDictionary<string, IOpenApiResponse> All(OpenApiDocument document) => new SortedDictionary<string, IOpenApiResponse>(StringComparer.Ordinal)
    {
        [Unauthorised] = Of(
            document, "The request does not prove who sends it.", ("WWW-Authenticate", "How to prove it: the way that is in force.", JsonSchemaType.String)),
        [Forbidden] = Of(document, "The caller has none of the roles needed, or a page of another site asks for a change."),
        [TooLarge] = Of(document, "The body is larger than 1 MB."),
        [NoJson] = Of(document, "The body is not sent as application/json."),
        [TooMany] = Of(
            document, "The caller asks more often than the setting Clv:RequestsPerMinute allows, or fails too often to say who it is.",
            ("Retry-After", "Seconds to wait.", JsonSchemaType.Integer)),
        [Failed] = Of(document, "The request failed for a reason that the app's log names, such as a setting that does not fit what is stored."),
        [Unavailable] = Of(
            document,
            "Storage does not answer or does not take the audit's row, or the published run was made by an earlier version and a night is needed.",
            ("Retry-After", "Seconds to wait, where waiting helps.", JsonSchemaType.Integer)),
    };

    /// <summary>An error with its headers.</summary>
    public static OpenApiResponse Of(OpenApiDocument document, string when, params (string Name, string Meaning, JsonSchemaType Type)[] headers) => new()
    {
        Description = when,
        Headers = headers.Length == 0 ? null : headers.ToDictionary(
            static header => header.Name,
            static IOpenApiHeader (header) => new OpenApiHeader { Description = header.Meaning, Schema = new OpenApiSchema { Type = header.Type } }),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Problem, document) },
        },
    };

    /// <summary>What an error looks like.</summary>
    public static OpenApiSchema ProblemSchema(OpenApiDocument document) => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Problem details (RFC 9457).",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("What kind of problem it is: the section of the HTTP specification that has the status, where it has one.", JsonSchemaType.Null),
            ["title"] = Text("The problem in a few words."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The status of the answer." },
            ["detail"] = Text("What was wrong with this request, and what to do.", JsonSchemaType.Null),
            ["traceId"] = Text("The number under which the app's telemetry has the request.", JsonSchemaType.Null),
            ["run"] = new OpenApiSchema
            {
                Description = "The run that was asked, where it does not know the customer.",
                OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, new OpenApiSchemaReference(nameof(Lookup.ServedRun), document)],
            },
        },
    };

    private static OpenApiSchema Text(string meaning, JsonSchemaType or = default) => new() { Type = JsonSchemaType.String | or, Description = meaning };
}
