using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Api;

public sealed class DeskTests
{
    [Fact]
    public async Task Desk_ThroughTheHost_ServesThePageWithoutData()
    {
        await using var rig = await NightRig.StartAsync();

        using var page = await rig.Api.GetAsync("");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("<form id=\"search\"", html, StringComparison.Ordinal);
        // Nothing inline may run, so everything the page needs is a file of its own.
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
        Assert.DoesNotContain("onclick", html, StringComparison.Ordinal);
        foreach (var (file, type) in new[] { ("desk.js", "text/javascript"), ("desk.css", "text/css") })
        {
            using var part = await rig.Api.GetAsync(file);
            Assert.Equal(type, part.Content.Headers.ContentType?.MediaType);
        }
    }
}
