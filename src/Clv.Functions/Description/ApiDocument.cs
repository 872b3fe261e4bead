using System.Text.Json;
using System.Text.Json.Nodes;
using Clv.Functions.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Clv.Functions.Description;

/// <summary>
/// The API as an OpenAPI document, made of the routes as they are mapped. It names no server but the one that it comes from, and is the same
/// bytes wherever the program runs and whatever its settings.
/// </summary>
internal sealed class ApiDocument([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider provider)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/api/openapi.json";

    /// <summary>What operations are about.</summary>
    public static readonly IReadOnlyDictionary<string, string> Tags = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Audit"] = "Who did what.",
        ["Customers"] = "What customers and prospects are worth, and why.",
        ["Portfolio"] = "What all customers are worth together, and what changes would do.",
        ["Privacy"] = "What is held of a person, and its erasure.",
        ["Runs"] = "The nights: their runs, models and publishing.",
        ["Service"] = "The service itself.",
    };

    private const string Name = "v1";

    private const string About = """
        Customer lifetime value, recalculated every night. Lookups are answered from the last published run, which every answer names.

        - Amounts are in the currency that the answer names, as 12.34. Probabilities, shares and rates are numbers of 1: 0.31 is 31 %. Days are dates without a time; times are UTC.
        - A member without a value is left out: what is said to be null is not there. Members may be added: pass over those that you do not know.
        - Every error is problem details (RFC 9457), and its `detail` says what to do. `Retry-After` says when to come back.
        - One setting of the app decides which of the three ways to say who is asking is in force; an operation names the roles of which one is needed. A key of the Functions host has all roles.
        - An id that a path does not carry safely, such as a/b, stands in the query.
        """;

    private readonly Lock _turn = new();
    private Task<byte[]>? _bytes;

    /// <summary>Registers the document.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddOpenApi(Name, static options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            // A head may have routes of its own beside the app's.
            options.ShouldInclude = static route => route.ActionDescriptor.EndpointMetadata.OfType<AccessRule>().Any(static rule => !rule.HostOnly);
            options.AddOperationTransformer(DescribedOperation.CompleteAsync);
            options.AddDocumentTransformer(static (document, _, _) =>
            {
                Head(document);
                return Task.CompletedTask;
            });
        });
        services.AddSingleton<ApiDocument>();
    }

    /// <summary>Maps its route. It holds no data, so anybody may read it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet(Path, static async (ApiDocument document) => Results.Bytes(await document.ReadAsync(), "application/json; charset=utf-8"))
        .OpenToAnyone()
        .Describes("getOpenApi", "Service", "This document")
        .Answers<JsonObject>(StatusCodes.Status200OK, "The API as an OpenAPI 3.1 document.");

    /// <summary>The document's bytes, made when they are asked for first.</summary>
    public Task<byte[]> ReadAsync()
    {
        lock (_turn)
        {
            return _bytes is null or { IsFaulted: true } ? _bytes = WriteAsync() : _bytes;
        }
    }

    private async Task<byte[]> WriteAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync();
        var json = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!.AsObject();
        DescribedSchemas.Complete(json);
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }

    private static void Head(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Customer lifetime value",
            Version = "1",
            Description = About,
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        // Relative to where the document is: what a client says in Host goes nowhere.
        document.Servers = [new OpenApiServer { Url = "/", Description = "The server that this document comes from." }];
        document.Tags = Tags.Select(static tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }).ToHashSet();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = SecuritySchemes.All();
        document.Components.Responses = CommonAnswers.All(document);
        document.AddComponent(CommonAnswers.Problem, CommonAnswers.ProblemSchema(document));
    }
}
