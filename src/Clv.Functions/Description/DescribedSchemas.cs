using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Clv.Functions.Description;

/// <summary>
/// Completes the document's schemas by what the app's JSON does and their generator does not know: numbers are written as numbers, and a member
/// without a value is left out. So nothing is null, and an answer has all members that may not be.
/// </summary>
internal static partial class DescribedSchemas
{
    private const string Reference = "#/components/schemas/";

    /// <summary>Completes all schemas of a document, and puts paths and schemas in the order of their names.</summary>
    public static void Complete(JsonObject document)
    {
        var schemas = document["components"]!["schemas"]!.AsObject();
        var asked = Reachable(document["paths"]!, schemas);
        foreach (var (name, schema) in schemas)
        {
            Complete(schema!, isAnswer: !asked.Contains(name));
            WriteText(schema!.AsObject());
            foreach (var member in (schema["properties"]?.AsObject() ?? []).Select(static member => member.Value!.AsObject()))
            {
                WriteText(member);
            }
        }

        Complete(document["paths"]!, isAnswer: false);
        Sort(document["paths"]!.AsObject());
        Sort(schemas);
    }

    // The names of the schemas that bodies of requests are made of.
    private static HashSet<string> Reachable(JsonNode paths, JsonObject schemas)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<JsonNode>(paths.AsObject().SelectMany(static path => path.Value!.AsObject()).Select(static operation => operation.Value!["requestBody"]).OfType<JsonNode>());
        while (open.TryPop(out var node))
        {
            foreach (var name in References(node).Where(found.Add))
            {
                open.Push(schemas[name]!);
            }
        }

        return found;
    }

    private static IEnumerable<string> References(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(static member => member.Key == "$ref" && member.Value is JsonValue reference
            ? [reference.GetValue<string>()[Reference.Length..]]
            : member.Value is null ? [] : References(member.Value)),
        JsonArray items => items.OfType<JsonNode>().SelectMany(References),
        _ => [],
    };

    private static void Complete(JsonNode node, bool isAnswer)
    {
        if (isAnswer && node is JsonObject { } whole && whole["properties"] is JsonObject properties)
        {
            Require(whole, properties);
        }

        if (node is JsonObject either)
        {
            LeaveOutNull(either);
        }

        foreach (var inner in node switch
        {
            JsonObject members => members.Select(static member => member.Value).OfType<JsonNode>().ToList(),
            JsonArray items => [.. items.OfType<JsonNode>()],
            _ => [],
        })
        {
            Complete(inner, isAnswer);
        }

        if (node is JsonObject schema)
        {
            WriteNumbers(schema);
        }
    }

    private static void Require(JsonObject schema, JsonObject properties)
    {
        schema.Remove("required");
        var required = properties.Where(static property => !IsNullable(property.Value!)).Select(static property => (JsonNode)property.Key).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }
    }

    // What is read from a text too is written as a number.
    private static void WriteNumbers(JsonObject schema)
    {
        if (schema["type"] is JsonArray types && schema.ContainsKey("pattern") && types.Any(static type => Is(type, "integer") || Is(type, "number")))
        {
            Without(schema, "string");
            schema.Remove("pattern");
        }
        else if (schema["enum"] is JsonArray && !schema.ContainsKey("type"))
        {
            schema["type"] = "string";
        }
    }

    // What may be null is what it is otherwise.
    private static void LeaveOutNull(JsonObject schema)
    {
        if (schema["oneOf"] is JsonArray { Count: 2 } either && either.Any(static one => Is(one?["type"], "null")))
        {
            schema.Remove("oneOf");
            foreach (var (name, value) in either.OfType<JsonObject>().Single(static one => !Is(one["type"], "null")))
            {
                schema.TryAdd(name, value?.DeepClone());
            }
        }
        else if (schema["type"] is JsonArray)
        {
            Without(schema, "null");
        }
        else if (schema["enum"] is JsonArray values && values.Contains(null))
        {
            values.Remove(null);
        }
    }

    // Of a member that another one's text names, the generator writes the type and the class as well.
    private static void WriteText(JsonObject schema)
    {
        if (schema["description"] is JsonValue text && text.TryGetValue<string>(out var told))
        {
            schema["description"] = Member().Replace(told, static member => $"`{JsonNamingPolicy.CamelCase.ConvertName(member.Groups["name"].Value)}`").Replace('\n', ' ');
        }
    }

    private static bool IsNullable(JsonNode property) =>
        (property["type"] is JsonArray types && types.Any(static type => Is(type, "null")))
        || (property["oneOf"] is JsonArray either && either.Any(static one => Is(one?["type"], "null")));

    private static void Without(JsonObject schema, string type)
    {
        var types = schema["type"]!.AsArray();
        if (types.FirstOrDefault(one => Is(one, type)) is { } found)
        {
            types.Remove(found);
        }

        if (types.Count == 1)
        {
            schema["type"] = types[0]!.GetValue<string>();
        }
    }

    private static void Sort(JsonObject members)
    {
        var sorted = members.OrderBy(static member => member.Key, StringComparer.Ordinal).ToList();
        members.Clear();
        foreach (var (name, value) in sorted)
        {
            members[name] = value;
        }
    }

    private static bool Is(JsonNode? node, string text) => node is JsonValue value && value.TryGetValue<string>(out var found) && found == text;

    [GeneratedRegex(@"[a-zA-Z]+(?:&lt;\S+&gt;)?\?? [A-Z]\w+\.(?<name>[A-Z]\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Member();
}
