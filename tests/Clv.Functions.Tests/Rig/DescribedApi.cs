using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace Clv.Functions.Tests.Rig;

/// <summary>The API as its OpenAPI document has it, by which answers are checked. What the document does not name, an answer may not have.</summary>
public sealed class DescribedApi
{
    public const string Path = "/api/openapi.json";

    private readonly JsonObject _document;
    private readonly JsonObject _closed;
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = [];
    private readonly ConcurrentDictionary<(string Operation, int Status), byte> _seen = [];

    private DescribedApi(JsonObject document)
    {
        _document = document;
        _closed = (JsonObject)document.DeepClone();
        Close(_closed);
        Operations =
        [
            .. from path in document["paths"]!.AsObject()
               from method in path.Value!.AsObject()
               select new DescribedOperation(method.Key.ToUpperInvariant(), path.Key, method.Value!.AsObject()),
        ];
    }

    public IReadOnlyList<DescribedOperation> Operations { get; }

    /// <summary>The statuses that answers have had, by operation.</summary>
    public IReadOnlyCollection<(string Operation, int Status)> Seen => [.. _seen.Keys];

    public static DescribedApi Parse(string json) => new(JsonNode.Parse(json)!.AsObject());

    /// <summary>A client of an app that checks every answer that it gets.</summary>
    public static async Task<(DescribedApi Api, HttpClient Http)> OfAsync(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        using (client)
        {
            var api = Parse(await client.GetStringAsync(Path));
            return (api, new HttpClient(new Checker(api)) { BaseAddress = address });
        }
    }

    /// <summary>The operation that a request is of: of several that match, the one with most letters of its own.</summary>
    public DescribedOperation? Find(string method, string path) => Operations
        .Where(operation => operation.Method == method && operation.Matches(path))
        .MaxBy(static operation => Parameter.Replace(operation.Path, "").Length);

    /// <summary>Checks an answer: that its operation and its status are named, its kind, its headers and every member of its body.</summary>
    public void Check(string method, string path, int status, string? type, string body, Func<string, bool> hasHeader)
    {
        var operation = Find(method, path);
        Assert.True(operation is not null, $"{method} {path} is of no operation.");
        var (id, code) = (operation.Id, status.ToString(CultureInfo.InvariantCulture));
        Assert.True(operation.Responses.ContainsKey(code), $"{id} does not say that it answers {code}: {body}");
        _seen.TryAdd((id, status), 0);
        var answer = Resolve(operation.Responses[code]!.AsObject());
        foreach (var (name, _) in status == 503 ? [] : answer["headers"]?.AsObject() ?? [])
        {
            Assert.True(hasHeader(name), $"{id} {code} has no {name}.");
        }

        if (answer["content"] is not JsonObject content)
        {
            Assert.Equal((id, ""), (id, body));
            return;
        }

        var kind = Assert.Single(content);
        Assert.Equal((id, code, kind.Key), (id, code, type));
        CheckValue(kind.Value!["schema"]!.AsObject(), body, $"{id} {code}");
    }

    /// <summary>Checks a value by one of the document's schemas.</summary>
    public void CheckValue(JsonObject schema, string json, string what)
    {
        var text = schema.ToJsonString();
        var compiled = _schemas.GetOrAdd(text, _ =>
        {
            var whole = (JsonObject)schema.DeepClone();
            Close(whole);
            whole["$schema"] = "https://json-schema.org/draft/2020-12/schema";
            whole["components"] = new JsonObject { ["schemas"] = _closed["components"]!["schemas"]!.DeepClone() };
            return JsonSchema.FromText(whole.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry() }, new Uri($"https://described.test/{_schemas.Count}-{Guid.NewGuid():N}"));
        });
        using var value = JsonDocument.Parse(json);
        var result = compiled.Evaluate(value.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        var wrong = (result.Details ?? []).Where(static detail => detail.Errors is { Count: > 0 })
            .SelectMany(static detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))
            .Take(10);
        Assert.True(result.IsValid, $"{what}: {string.Join("; ", wrong)}");
    }

    private JsonObject Resolve(JsonObject node)
    {
        while (node["$ref"] is JsonValue reference)
        {
            node = reference.GetValue<string>()[2..].Split('/').Aggregate((JsonNode)_document, static (of, name) => of[name]!).AsObject();
        }

        return node;
    }

    private static void Close(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject schema:
                foreach (var (_, inner) in schema)
                {
                    Close(inner);
                }

                if (schema["properties"] is JsonObject && schema["type"] is JsonValue)
                {
                    schema.TryAdd("additionalProperties", false);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Close(item);
                }

                break;
        }
    }

    private static readonly Regex Parameter = new(@"\{\w+\}", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>Checks every answer that comes through.</summary>
    private sealed class Checker(DescribedApi api) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            api.Check(
                request.Method.Method,
                request.RequestUri!.AbsolutePath,
                (int)answer.StatusCode,
                answer.Content.Headers.ContentType?.MediaType,
                await answer.Content.ReadAsStringAsync(cancellationToken),
                answer.Headers.Contains);
            return answer;
        }
    }
}

/// <summary>An operation of the document.</summary>
public sealed record DescribedOperation(string Method, string Path, JsonObject Node)
{
    private readonly Regex _path = new(
        $"^{string.Concat(Path.Split('{', '}').Select(static (part, i) => i % 2 == 0 ? Regex.Escape(part) : ".+"))}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    public string Id => Node["operationId"]!.GetValue<string>();

    public JsonObject Responses => Node["responses"]!.AsObject();

    public IReadOnlyList<JsonObject> Parameters => [.. (Node["parameters"]?.AsArray() ?? []).Select(static parameter => parameter!.AsObject())];

    /// <summary>The body that the document shows; null for an operation without one.</summary>
    public JsonObject? Body => Node["requestBody"]?["content"]?["application/json"]?.AsObject();

    /// <summary>The roles of which one is needed; null when nobody has to say who is asking.</summary>
    public IReadOnlySet<string>? Roles
    {
        get
        {
            var needed = Node["security"]!.AsArray().Select(static one => one!.AsObject()).ToList();
            return needed.Exists(static one => one.Count == 0)
                ? null
                : needed.Where(static one => one.ContainsKey("apiKey")).SelectMany(static one => one["apiKey"]!.AsArray().Select(static role => role!.GetValue<string>())).ToHashSet();
        }
    }

    public bool Matches(string path) => _path.IsMatch(path);

    /// <summary>A request as the document shows it.</summary>
    public HttpRequestMessage Example()
    {
        var address = Path;
        var query = "";
        foreach (var parameter in Parameters)
        {
            var (name, example) = (parameter["name"]!.GetValue<string>(), Uri.EscapeDataString(parameter["example"]!.ToString()));
            switch (parameter["in"]!.GetValue<string>())
            {
                case "path":
                    address = address.Replace($"{{{name}}}", example, StringComparison.Ordinal);
                    break;
                // Of those that need not be given, one alone: of a customer's id, a number and an address only one may be.
                case "query" when query.Length == 0 || parameter["required"] is not null:
                    query += $"{(query.Length == 0 ? '?' : '&')}{name}={example}";
                    break;
            }
        }

        return new HttpRequestMessage(new HttpMethod(Method), address + query)
        {
            Content = Body is { } body ? new StringContent(body["example"]!.ToJsonString(), System.Text.Encoding.UTF8, "application/json") : null,
        };
    }
}
