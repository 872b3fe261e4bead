using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clv.Functions.Tests.Access;
using Clv.Functions.Tests.Rig;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Clv.Functions.Tests.Api;

/// <summary>The API's document: complete, well-formed, the same everywhere, and true of who may do what.</summary>
public sealed partial class OpenApiTests
{
    private static readonly (string Role, string Key)[] Callers =
        [("agent", AppRig.AgentKey), ("analyst", AppRig.AnalystKey), ("operator", AppRig.OperatorKey)];

    [Fact]
    public async Task Operations_OfTheDocument_AreTheMappedRoutes()
    {
        await using var rig = await AppRig.StartAsync();
        var api = DescribedApi.Parse(await rig.Http.GetStringAsync(DescribedApi.Path));

        var mapped = ((IEndpointRouteBuilder)rig.App).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(static route => route.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal))
            .SelectMany(static route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)}"));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), api.Operations.Select(static operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Operations_OfTheDocument_AreThoseOfThePage()
    {
        await using var rig = await AppRig.StartAsync();
        var api = DescribedApi.Parse(await rig.Http.GetStringAsync(DescribedApi.Path));

        var page = await File.ReadAllLinesAsync(Path.Combine(Repository.Folder, "docs", "api.md"));
        var told = page.Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(static line => Operation().Matches(line.Split('|')[1]))
            .Select(static call => $"{call.Groups["method"].Value} {call.Groups["path"].Value}");

        Assert.Equal(
            api.Operations.Select(static operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal),
            told.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_IsWellFormedAndSaysEverything()
    {
        await using var rig = await AppRig.StartAsync();
        var json = await rig.Http.GetStringAsync(DescribedApi.Path);

        var read = OpenApiDocument.Parse(json, "json", new OpenApiReaderSettings { RuleSet = ValidationRuleSet.GetDefaultRuleSet() });

        Assert.Empty(read.Diagnostic!.Errors.Concat(read.Diagnostic.Warnings).Select(static error => $"{error.Pointer}: {error.Message}"));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.Equal("/", Assert.Single(read.Document!.Servers!).Url);
        var api = DescribedApi.Parse(json);
        var tags = read.Document.Tags!.Select(static tag => tag.Name).ToHashSet();
        Assert.Equal(api.Operations.Count, api.Operations.Select(static operation => operation.Id).Distinct().Count());
        Assert.Equal(tags.Order(), api.Operations.SelectMany(static operation => operation.Node["tags"]!.AsArray().Select(static tag => tag!.GetValue<string>())).Distinct().Order());
        foreach (var operation in api.Operations)
        {
            Assert.True(operation.Node["summary"]!.GetValue<string>().Length > 5, operation.Id);
            Assert.Equal(
                PathParameter().Matches(operation.Path).Select(static name => name.Groups["name"].Value),
                operation.Parameters.Where(static parameter => parameter["in"]!.GetValue<string>() == "path").Select(static parameter => parameter["name"]!.GetValue<string>()));
            foreach (var parameter in operation.Parameters)
            {
                Assert.True(parameter["description"]!.GetValue<string>().Length > 5, operation.Id);
                api.CheckValue(parameter["schema"]!.AsObject(), parameter["example"]!.ToJsonString(), $"{operation.Id} {parameter["name"]}");
            }

            if (operation.Body is { } body)
            {
                api.CheckValue(body["schema"]!.AsObject(), body["example"]!.ToJsonString(), operation.Id);
            }
        }

        foreach (var (name, schema) in JsonNode.Parse(json)!["components"]!["schemas"]!.AsObject())
        {
            Assert.True(schema!["type"] is JsonValue, $"{name} has no type");
            foreach (var (member, value) in schema["properties"]?.AsObject() ?? [])
            {
                var text = value!["description"]?.GetValue<string>() ?? "";
                Assert.True(text.Length > 3, $"{name}.{member} is not explained");
                Assert.DoesNotMatch(DotNetName(), text);
            }
        }
    }

    [Fact]
    public async Task Document_OfAnySettingsAndHost_IsTheSameBytesForAnybody()
    {
        await using var one = await AppRig.StartAsync();
        await using var other = await AppRig.StartAsync(AppRig.Keys);

        var bytes = await one.Http.GetByteArrayAsync(DescribedApi.Path);
        using var answer = await other.SendAsync(HttpMethod.Get, DescribedApi.Path, ("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(bytes, await one.Http.GetByteArrayAsync(DescribedApi.Path));
        var text = Encoding.UTF8.GetString(bytes);
        foreach (var secret in (string[])["evil", "127.0.0.1", "localhost", Environment.MachineName, NightRig.HashKey, AppRig.AgentKey])
        {
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(0, one.AskedOfStorage + other.AskedOfStorage);
    }

    // What is let through fails at storage, which refuses: 500.
    [Fact]
    public async Task Roles_OfTheDocument_AreThoseThatLetIn()
    {
        await using var rig = await AppRig.StartAsync(AppRig.Keys);
        var (api, http) = await DescribedApi.OfAsync(rig.Http.BaseAddress!);
        using var client = http;
        foreach (var operation in api.Operations)
        {
            using var nobody = operation.Example();
            using var refused = await client.SendAsync(nobody);
            Assert.Equal((operation.Id, operation.Roles is null), (operation.Id, refused.StatusCode != HttpStatusCode.Unauthorized));
            foreach (var (role, key) in Callers)
            {
                using var request = operation.Example();
                request.Headers.Add("x-api-key", key);
                using var answer = await client.SendAsync(request);
                Assert.Equal((operation.Id, role, operation.Roles?.Contains(role) ?? true), (operation.Id, role, answer.StatusCode != HttpStatusCode.Forbidden));
            }
        }

        Assert.Superset(
            api.Operations.Where(static operation => operation.Roles is not null).SelectMany(static operation => (int[])[401, 403], static (operation, status) => (operation.Id, status)).ToHashSet(),
            api.Seen.ToHashSet());
    }

    [Fact]
    public async Task Requests_ThatAreTooManyOrTooLargeOrNoJson_AreRefusedAsTheDocumentSays()
    {
        await using var rig = await AppRig.StartAsync(new Dictionary<string, string> { ["Clv:RequestsPerMinute"] = "1" });
        await using var free = await AppRig.StartAsync(new Dictionary<string, string> { ["Clv:RequestsPerMinute"] = "0" });
        var (api, http) = await DescribedApi.OfAsync(rig.Http.BaseAddress!);
        var (unlimited, freely) = await DescribedApi.OfAsync(free.Http.BaseAddress!);
        using var client = http;
        using var other = freely;
        foreach (var operation in api.Operations.Where(static operation => operation.Roles is not null))
        {
            // One a minute may pass.
            for (var i = 0; i < 3 && !api.Seen.Contains((operation.Id, 429)); i++)
            {
                using var request = operation.Example();
                using var answer = await client.SendAsync(request);
            }

            if (operation.Body is not null)
            {
                using var large = operation.Example();
                // A refused body is not sent at all, where the app could hang up on it.
                large.Headers.ExpectContinue = true;
                large.Content = new StringContent($"{{\"{new string('x', 1 << 20)}\":1}}", Encoding.UTF8, "application/json");
                using var tooLarge = await other.SendAsync(large);
                Assert.Equal((operation.Id, HttpStatusCode.RequestEntityTooLarge), (operation.Id, tooLarge.StatusCode));
                using var text = operation.Example();
                text.Content = new StringContent("{}", Encoding.UTF8, "text/plain");
                using var noJson = await other.SendAsync(text);
                Assert.Equal((operation.Id, HttpStatusCode.UnsupportedMediaType), (operation.Id, noJson.StatusCode));
            }
        }

        foreach (var status in (int[])[413, 415, 429])
        {
            Assert.Equal(
                api.Operations.Where(operation => operation.Responses.ContainsKey($"{status}")).Select(static operation => operation.Id),
                api.Operations.Select(static operation => operation.Id).Where(id => api.Seen.Concat(unlimited.Seen).Contains((id, status))));
        }
    }

    [Fact]
    public async Task Check_OfAnAnswerWithAMemberThatIsNotNamed_Fails()
    {
        await using var rig = await AppRig.StartAsync();
        var api = DescribedApi.Parse(await rig.Http.GetStringAsync(DescribedApi.Path));

        Check("""{"status":"ok","date":"2026-11-20"}""");
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check("""{"status":"ok","more":1}"""));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check("""{"status":"ok","run":null}"""));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check("""{"status":"ok","date":"tonight"}"""));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check("""{"status":"ok","ageHours":"1"}"""));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check("{}"));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check("""{"status":"ok"}""", status: 418));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check("""{"status":"ok"}""", path: "/api/nothing"));

        void Check(string body, int status = 200, string path = "/api/healthz") => api.Check("GET", path, status, "application/json", body, static _ => true);
    }

    [GeneratedRegex(@"(?<method>GET|POST|DELETE) (?<path>/api/[^\s`?]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Operation();

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathParameter();

    // A class and its member, or what XML makes of a generic type.
    [GeneratedRegex(@"[a-z] [A-Z]\w+\.[A-Z]\w+|&lt;|IReadOnly", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DotNetName();
}
