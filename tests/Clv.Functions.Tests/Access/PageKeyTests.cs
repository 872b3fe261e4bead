using System.Collections.Concurrent;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Access;

/// <summary>How the pages come by their key, in a real browser.</summary>
public sealed class PageKeyTests
{
    [Theory]
    [InlineData("de-DE", "Schlüssel für die API")]
    [InlineData("en-GB", "Key for the API")]
    public async Task Page_OpenedByALink_TakesTheKeyAndAnotherAsksForIt(string locale, string question)
    {
        await using var chromium = await Chromium.StartAsync();
        await using var rig = await AppRig.StartAsync(AppRig.Keys);
        await using var context = await chromium.OpenAsync(locale, rig.Http.BaseAddress!);
        // Requests are told by a thread of the browser's own.
        var asked = new ConcurrentQueue<(string Url, string? Key)>();
        context.Request += (_, request) =>
        {
            if (request.Url.Contains("/api/", StringComparison.Ordinal))
            {
                asked.Enqueue((request.Url, request.Headers.GetValueOrDefault("x-api-key")));
            }
        };

        // A link brings the key; it stands neither in the address bar nor in any request's address.
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/#key={AppRig.AgentKey}");
        Assert.Equal(rig.Http.BaseAddress!.ToString(), page.Url);
        await page.RunAndWaitForResponseAsync(
            () => page.GotoAsync("/#17"), static response => response.Url.Contains("/api/customers", StringComparison.Ordinal));
        await page.EvaluateAsync($"location.hash = 'key={AppRig.AnalystKey}'");
        await page.WaitForFunctionAsync("location.hash === ''");
        Assert.All(asked, request => Assert.Equal(AppRig.AgentKey, request.Key));
        Assert.NotEmpty(asked);

        // Without one the page asks, in its language.
        asked.Clear();
        var other = await context.NewPageAsync();
        var questions = new ConcurrentQueue<string>();
        other.Dialog += async (_, dialog) =>
        {
            questions.Enqueue(dialog.Message);
            await dialog.AcceptAsync(AppRig.AnalystKey);
        };
        await other.RunAndWaitForResponseAsync(() => other.GotoAsync("/portfolio.html"), static response => response.Url.Contains("/api/portfolio", StringComparison.Ordinal) && response.Status != 401);
        Assert.Equal([question], questions);
        Assert.Equal([null, AppRig.AnalystKey], asked.Select(static request => request.Key));
        Assert.DoesNotContain(asked, static request => request.Url.Contains("key", StringComparison.Ordinal));
    }
}
