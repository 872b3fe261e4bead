using System.Globalization;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clv.Functions.Tests.Api;

/// <summary>The operator's page in a real browser: a night that is held, why, and the two decisions.</summary>
public sealed class NightsPageTests
{
    [Fact]
    public async Task Nights_OneHeld_IsReleasedAndRolledBackOnThePage()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var rig = await NightRig.StartAsync();
        var tomorrow = NightRig.Tonight.AddDays(1);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        var first = await rig.RunAsync(NightRig.Tonight);
        await rig.DeliverAsync(tomorrow, Customers.Extract(60));
        var held = await rig.RunAsync(tomorrow);
        Assert.Equal(RunState.Held, held.State);
        var german = CultureInfo.GetCultureInfo("de-DE");
        await using var context = await chromium.OpenAsync("de-DE", rig.Host.BaseAddress);
        var page = await context.NewPageAsync();
        var errors = page.KeepErrors();

        await page.GotoAsync("nights.html");
        await Expect(page.Locator(".headline .amount")).ToHaveTextAsync(NightRig.Tonight.ToString("dd.MM.yyyy", german));
        await Expect(page.Locator(".hold")).ToContainTextAsync("Clv:MinimumCustomerShare");
        await Expect(page.Locator(".list .badge[data-code=held]")).ToHaveTextAsync("Angehalten");
        await page.GetByLabel("Grund").FillAsync("Die Filiale ist geschlossen");
        await page.GetByRole(AriaRole.Button, new() { Name = "Freigeben" }).ClickAsync();

        await Expect(page.Locator(".headline .amount")).ToHaveTextAsync(tomorrow.ToString("dd.MM.yyyy", german));
        Assert.Equal(RunState.Published, (await rig.EndOfAsync(held.Run)).State);

        await page.Locator($".list a[href='#{first.Run}']").ClickAsync();
        await page.GetByLabel("Grund").FillAsync("Doch nicht");
        await page.GetByRole(AriaRole.Button, new() { Name = "Diese Nacht ausliefern" }).ClickAsync();
        await Expect(page.Locator(".headline .amount")).ToHaveTextAsync(NightRig.Tonight.ToString("dd.MM.yyyy", german));
        Assert.Empty(errors);
    }
}
