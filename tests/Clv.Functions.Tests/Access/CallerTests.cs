using System.Net;
using System.Text;
using Clv.Functions.Access;
using Microsoft.AspNetCore.Http;

namespace Clv.Functions.Tests.Access;

public sealed class CallerTests
{
    private const string Somebody = "5b5450db-eb26-4c1a-981c-ba1d25f0483d";
    private const string ObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private const string RoleUri = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

    public static TheoryData<string, string> Junk => new()
    {
        { "empty", "" },
        { "not base64", "Clv.Operator!" },
        { "base64 of no JSON", Convert.ToBase64String("junk"u8) },
        { "null", Convert.ToBase64String("null"u8) },
        { "a list", Convert.ToBase64String("[]"u8) },
        { "no claims", AppRig.Principal(new { auth_typ = "aad" }) },
        { "claims that are null", AppRig.Principal(new { claims = new object?[] { null, new { typ = (string?)null, val = "x" }, new { typ = "oid" } } }) },
        { "no object id", AppRig.Principal(("roles", "Clv.Operator")) },
        { "a name for an object id", AppRig.Principal(("oid", "anna@example.com"), ("roles", "Clv.Operator")) },
        { "an object id that is a number", AppRig.Principal(new { claims = new object[] { new { typ = "oid", val = 17 } } }) },
        { "two people", AppRig.Principal(("oid", Somebody), (ObjectId, Guid.Empty.ToString().Replace('0', '1')), ("roles", "Clv.Operator")) },
        { "nobody", AppRig.Principal(("oid", Guid.Empty.ToString()), ("roles", "Clv.Operator")) },
        { "too deep", Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"claims":[{"typ":"oid","val":"{{Somebody}}"},{"typ":"x","val":{{new string('[', 20)}}{{new string(']', 20)}}}]}""")) },
        { "too long", AppRig.Principal(("oid", Somebody), ("roles", "Clv.Operator"), ("x", new string('x', 40_000))) },
    };

    [Theory]
    [MemberData(nameof(Junk))]
    public async Task AppService_JunkForAPrincipal_IsNobody(string what, string header)
    {
        await using var rig = await AppRig.StartAsync(AppRig.AppService);

        using var answer = await rig.SendAsync(HttpMethod.Get, "/api/runs", (ClientPrincipal.Header, header));

        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{what}: {answer.StatusCode}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(0, rig.AskedOfStorage);
    }

    [Fact]
    public async Task AppService_WithoutOrWithTwoPrincipals_IsNobody()
    {
        await using var rig = await AppRig.StartAsync(AppRig.AppService);
        var header = (ClientPrincipal.Header, AppRig.Principal(("oid", Somebody), ("roles", "Clv.Operator")));

        Assert.Equal(HttpStatusCode.Unauthorized, await rig.StatusAsync("/api/runs"));
        Assert.Equal(HttpStatusCode.Unauthorized, await rig.StatusAsync("/api/runs", ("X-MS-CLIENT-PRINCIPAL-ID", Somebody)));
        Assert.Equal(HttpStatusCode.Unauthorized, await rig.StatusAsync("/api/runs", header, header));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await rig.StatusAsync("/api/runs", header));
    }

    [Theory]
    [InlineData("roles", "Clv.Agent", Roles.Agent)]
    [InlineData("roles", "Clv.Analyst", Roles.Analyst)]
    [InlineData("roles", "Clv.Operator", Roles.Operator)]
    [InlineData(RoleUri, "Clv.Operator", Roles.Operator)]
    [InlineData("roles", "clv.operator", Roles.None)]
    [InlineData("roles", "Operator", Roles.None)]
    [InlineData("groups", "Clv.Operator", Roles.None)]
    [InlineData("name", "Clv.Operator", Roles.None)]
    public void AppService_RoleClaims_AreTheRolesOfTheirNames(string type, string value, Roles expected)
    {
        var caller = Find(new ClientPrincipal(), ClientPrincipal.Header, AppRig.Principal((ObjectId, Somebody), ("name", "Anna"), (type, value)));

        Assert.Equal(new Caller(Somebody, expected), caller);
    }

    [Fact]
    public async Task FunctionKeys_PrincipalOfAnybody_IsNotRead()
    {
        await using var rig = await AppRig.StartAsync();

        // Neither taken for somebody nor refused: the host let the request in.
        Assert.NotEqual(HttpStatusCode.Unauthorized, await rig.StatusAsync("/api/runs", (ClientPrincipal.Header, "junk")));
        Assert.Equal(Caller.Host, Find(new FunctionKeys(), ClientPrincipal.Header, AppRig.Principal(("oid", Somebody))));
    }

    [Fact]
    public async Task ApiKeys_AnythingButAKey_IsNobodyAndToldWhatToDo()
    {
        await using var rig = await AppRig.StartAsync(AppRig.Keys);

        foreach (var given in (string[])["", "wrong", AppRig.AgentKey[..^1], AppRig.AgentKey + "x", AppRig.AgentKey.ToUpperInvariant(), $"{AppRig.AgentKey},{AppRig.OperatorKey}"])
        {
            using var answer = await rig.SendAsync(HttpMethod.Get, "/api/customers/17", ("x-api-key", given), ("x-functions-key", AppRig.AgentKey));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("x-api-key", body, StringComparison.Ordinal);
            Assert.DoesNotContain(AppRig.AgentKey, body, StringComparison.Ordinal);
        }

        using var twice = await rig.SendAsync(HttpMethod.Get, "/api/customers/17", ("x-api-key", AppRig.AgentKey), ("x-api-key", AppRig.OperatorKey));
        Assert.Equal(HttpStatusCode.Unauthorized, twice.StatusCode);
        Assert.Equal(0, rig.AskedOfStorage);
    }

    [Fact]
    public void ApiKeys_SeveralOfARoleAndOneOfSeveral_AreEachThemselves()
    {
        var (old, fresh, both) = (new string('o', 32), new string('f', 40), new string('b', 64));
        var source = new ApiKeys(new AccessOptions
        {
            Mode = AccessMode.ApiKeys,
            RequestsPerMinute = 0,
            Keys = new Dictionary<string, Roles> { [old] = Roles.Agent, [fresh] = Roles.Agent, [both] = Roles.Agent | Roles.Operator },
        });

        var callers = ((string[])[old, fresh, both]).Select(key => Find(source, ApiKeys.Header, key)!).ToList();

        Assert.Equal([Roles.Agent, Roles.Agent, Roles.Agent | Roles.Operator], callers.Select(static caller => caller.Roles));
        // The name of a key is the same in every process, and tells keys apart without being one.
        Assert.Equal(3, callers.Select(static caller => caller.Id).Distinct().Count());
        Assert.All(callers.Take(2), static caller => Assert.Matches("^agent-[0-9a-f]{8}$", caller.Id));
        Assert.Matches("^agent\\+operator-[0-9a-f]{8}$", callers[2].Id);
        Assert.Equal(ApiKeys.NameOf(old, Roles.Agent), callers[0].Id);
    }

    private static Caller? Find(ICallerSource source, string header, string value)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[header] = value;
        return source.Find(context.Request);
    }
}
