using System.Text.Json.Nodes;
using Clv.Functions.Access;
using Microsoft.OpenApi;

namespace Clv.Functions.Description;

/// <summary>What a parameter means.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it stands.</param>
/// <param name="Meaning">What it means, with its unit and its bounds.</param>
/// <param name="Example">A value.</param>
/// <param name="Required">Whether a request needs it.</param>
/// <param name="Schema">What values it has.</param>
internal sealed record ParameterText(string Name, ParameterLocation In, string Meaning, JsonNode? Example, bool Required, OpenApiSchema Schema);

/// <summary>What a body is.</summary>
/// <param name="Meaning">What it says.</param>
/// <param name="Example">One that is understood.</param>
/// <param name="Required">Whether a request needs it.</param>
internal sealed record BodyText(string Meaning, JsonNode Example, bool Required);

/// <summary>What an answer means.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Meaning">What it means; of an error, when it is given.</param>
/// <param name="Or">The schema of another form that it may have; null for none.</param>
internal sealed record AnswerText(int Status, string Meaning, string? Or = null);

/// <summary>The roles of an operation whose route serves others as well.</summary>
/// <param name="Roles">One of these is needed.</param>
internal sealed record OperationRoles(Roles Roles);

/// <summary>States what the API's document says of a route where the route is mapped.</summary>
internal static class OperationTexts
{
    /// <summary>The header by which labels and sentences are worded.</summary>
    private const string Language = "Accept-Language";

    /// <summary>Names an operation and says what it does.</summary>
    /// <param name="route">The route.</param>
    /// <param name="id">Its name in clients that are generated.</param>
    /// <param name="tag">What it is about: one of <see cref="ApiDocument.Tags"/>.</param>
    /// <param name="summary">What it does, in a line.</param>
    /// <param name="more">What else is to be known.</param>
    public static RouteHandlerBuilder Describes(this RouteHandlerBuilder route, string id, string tag, string summary, string more = "") =>
        route.WithName(id).WithTags(tag).WithSummary(summary).WithDescription(more);

    /// <summary>Says what a parameter is that stands in the path.</summary>
    public static RouteHandlerBuilder TakesPath(this RouteHandlerBuilder route, string name, string meaning, string example, string? pattern = null) =>
        route.WithMetadata(new ParameterText(name, ParameterLocation.Path, meaning, example, Required: true, Text(pattern)));

    /// <summary>Says what a parameter is that stands in the query.</summary>
    public static RouteHandlerBuilder TakesQuery(
        this RouteHandlerBuilder route, string name, string meaning, JsonNode example, bool required = false, OpenApiSchema? schema = null) =>
        route.WithMetadata(new ParameterText(name, ParameterLocation.Query, meaning, example, required, schema ?? Text()));

    /// <summary>Says what the body is.</summary>
    public static RouteHandlerBuilder TakesBody(this RouteHandlerBuilder route, string meaning, string example, bool required = true) =>
        route.WithMetadata(new BodyText(meaning, JsonNode.Parse(example)!, required));

    /// <summary>Says that labels and sentences are in the asker's language.</summary>
    public static RouteHandlerBuilder IsWorded(this RouteHandlerBuilder route) => route.WithMetadata(new ParameterText(
        Language,
        ParameterLocation.Header,
        "The language of labels and sentences, \"en\" or \"de\"; the run's own where neither is asked for.",
        "de",
        Required: false,
        Text()));

    /// <summary>Says what the answer is when all is well.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="status">Its status.</param>
    /// <param name="meaning">What it means.</param>
    /// <param name="or">The schema of another form that it may have; null for none.</param>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, int status, string meaning, string? or = null) =>
        route.Produces<T>(status, "application/json").WithMetadata(new AnswerText(status, meaning, or));

    /// <summary>Says when a request is refused with problem details, beyond what every route of its kind may answer.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, int status, string when) => route.WithMetadata(new AnswerText(status, when));

    /// <summary>A text that a parameter may be.</summary>
    private static OpenApiSchema Text(string? pattern = null) => new() { Type = JsonSchemaType.String, Pattern = pattern };
}
