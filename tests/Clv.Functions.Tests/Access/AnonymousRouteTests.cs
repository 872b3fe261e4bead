using System.Net;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Access;

/// <summary>
/// Whoever has no key reaches the pages, by a name alone. The Azure host decodes a path once to find the function, and once more to forward it: what
/// looks like a page then must not arrive as the API, for which it has asked for no key.
/// </summary>
public sealed class AnonymousRouteTests
{
    [Fact]
    public async Task PathsThatWouldBecomeTheApi_ReachNoFunction()
    {
        await using var rig = await NightRig.StartAsync();
        foreach (var page in (string[])["", "index.html", "portfolio.html", "desk.js"])
        {
            using var answer = await rig.Api.GetAsync(page);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(IsOfTheApp(answer), page);
        }

        using var nowhere = await rig.Api.GetAsync("nowhere.html");
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.True(IsOfTheApp(nowhere));
        foreach (var path in (string[])
            ["x/%252e%252e/api/healthz", "%252e/api/healthz", "x%5c..%5capi%5chealthz", "%5capi%5chealthz", "x%252f..%252fapi%252fhealthz", "a.b%3fc", "a.b%23c", "%252e%252e", "a/b.js"])
        {
            using var answer = await rig.Api.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.False(IsOfTheApp(answer), path);
        }
    }

    // The app sets it on every answer, the host on none.
    private static bool IsOfTheApp(HttpResponseMessage answer) => answer.Headers.Contains("X-Content-Type-Options");
}
