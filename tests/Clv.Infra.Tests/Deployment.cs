using System.Text.Json.Nodes;

namespace Clv.Infra.Tests;

/// <summary>The resources that a deployment would make.</summary>
internal sealed class Deployment(JsonNode snapshot)
{
    public const string Subscription = "00000000-0000-0000-0000-000000000001";
    public const string Tenant = "00000000-0000-0000-0000-000000000002";

    public JsonNode Snapshot => snapshot;

    public IReadOnlyList<JsonNode> Resources { get; } = [.. snapshot["predictedResources"]!.AsArray().Select(static resource => resource!)];

    /// <summary>The app's settings, by name.</summary>
    public IReadOnlyDictionary<string, string> AppSettings => One("Microsoft.Web/sites/config", "appsettings")["properties"]!.AsObject()
        .ToDictionary(static setting => setting.Key, static setting => setting.Value!.GetValue<string>(), StringComparer.Ordinal);

    /// <summary>The rules that look at the log or at measures.</summary>
    public IEnumerable<(string Name, JsonNode Properties, string Query)> Alerts => Of("Microsoft.Insights/scheduledQueryRules")
        .Select(static rule => (Text(rule["name"]), rule["properties"]!, Text(rule["properties"]!["criteria"]!["allOf"]![0]!["query"])));

    public IEnumerable<JsonNode> Of(string type) => Resources.Where(resource => Text(resource["type"]) == type);

    /// <summary>The only resource of a type, or the one of that name below its parents'.</summary>
    public JsonNode One(string type, string? name = null) => Of(type).Single(resource => name is null || Text(resource["name"]).Split('/')[^1] == name);

    /// <summary>The names of a type's resources, without those of their parents.</summary>
    public IEnumerable<string> Names(string type) => Of(type).Select(static resource => Text(resource["name"]).Split('/')[^1]);

    public static string Text(JsonNode? node) => node!.GetValue<string>();

    /// <summary>Every value below a node, with the path to it.</summary>
    public static IEnumerable<(string Path, JsonValue Value)> Values(JsonNode? node) => node switch
    {
        JsonObject children => children.SelectMany(static child => Values(child.Value)),
        JsonArray items => items.SelectMany(Values),
        JsonValue value => [(value.GetPath(), value)],
        _ => [],
    };
}
