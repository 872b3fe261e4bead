using System.Text.Json.Nodes;

namespace Clv.Functions.Description;

/// <summary>
/// Completes the document's schemas by what the app's JSON does and their generator does not know: numbers are written as numbers, and a member
/// without a value is left out of an answer, so what is there is never null and all others are always there.
/// </summary>
internal static class DescribedSchemas
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
            if (isAnswer && schema["properties"] is JsonObject properties)
            {
                LeaveOutNulls(schema, properties);
            }
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

    private static void LeaveOutNulls(JsonObject schema, JsonObject properties)
    {
        var required = new JsonArray();
        foreach (var (name, property) in properties.ToList())
        {
            if (!IsNullable(property!))
            {
                required.Add(name);
            }
            else if (property!["oneOf"] is JsonArray { Count: 2 } either)
            {
                // A reference or null: the reference alone.
                var reference = either.OfType<JsonObject>().Single(static one => one.ContainsKey("$ref")).DeepClone().AsObject();
                if (property["description"] is { } meaning)
                {
                    reference["description"] = meaning.DeepClone();
                }

                properties[name] = reference;
            }
            else
            {
                Without(property.AsObject(), "null");
            }
        }

        schema.Remove("required");
        if (required.Count > 0)
        {
            schema["required"] = required;
        }
    }

    private static bool IsNullable(JsonNode property) =>
        (property["type"] is JsonArray types && types.Any(static type => Is(type, "null")))
        || (property["oneOf"] is JsonArray either && either.Any(static one => Is(one?["type"], "null")));

    private static void Without(JsonObject schema, string type)
    {
        var types = schema["type"]!.AsArray();
        types.Remove(types.FirstOrDefault(one => Is(one, type)));
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
}
