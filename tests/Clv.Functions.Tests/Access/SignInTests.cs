using System.Collections.Concurrent;
using Clv.Functions.Access;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;
using static Microsoft.Playwright.Assertions;

namespace Clv.Functions.Tests.Access;

/// <summary>How a page comes back when App Service's sign-in has ended while it was open, in a real browser.</summary>
public sealed class SignInTests
{
    [Fact]
    public async Task Page_WhoseSessionHasEnded_SignsInAgainAndTakesNoCustomerAlong()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var rig = await NightRig.StartAsync(settings: AppRig.AppService.ToDictionary(static s => s.Key.Replace(":", "__", StringComparison.Ordinal), static s => s.Value));
        var principal = AppRig.Principal(("oid", "5b5450db-eb26-4c1a-981c-ba1d25f0483d"), ("roles", "Clv.Agent"), ("roles", "Clv.Operator"));
        rig.Api.DefaultRequestHeaders.Add(ClientPrincipal.Header, principal);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(100));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        await using var front = await SignInFront.StartAsync(rig.Host.BaseAddress, principal);
        await using var context = await chromium.OpenAsync("en-GB", front.Address);
        var page = await context.NewPageAsync();
        var questions = new ConcurrentQueue<string>();
        page.Dialog += async (_, dialog) =>
        {
            questions.Enqueue(dialog.Message);
            await dialog.DismissAsync();
        };

        await page.GotoAsync("/.auth/login/aad?post_login_redirect_uri=%2Findex.html%3Fdesk%3D7");
        await page.Locator("#id").FillAsync("C17");
        await page.Locator("#id").PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("C17");

        front.EndSessions();
        front.Asked.Clear();
        await page.EvaluateAsync("location.hash = '#id=C18'");
        await page.WaitForURLAsync(static url => url.EndsWith("/index.html?desk=7", StringComparison.Ordinal));
        await Expect(page.Locator("h1")).ToHaveCountAsync(0);
        await page.Locator("#id").FillAsync("C19");
        await page.Locator("#id").PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("C19");

        // Back to where the page was, by the address that App Service knows; a lookup that was refused on the way is asked again by whoever wants it.
        Assert.Equal(["/api/customers:find", "/.auth/login/aad?post_login_redirect_uri=%2Findex.html%3Fdesk%3D7", "/index.html?desk=7"], front.Asked.Take(3));
        Assert.Empty(questions);
        Assert.DoesNotContain(front.Asked, static address => address.Contains("C1", StringComparison.Ordinal));
    }
}
