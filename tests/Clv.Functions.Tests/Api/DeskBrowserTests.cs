using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Clv.Core.History;
using Clv.Core.Portfolio;
using Clv.Functions.Lookup;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clv.Functions.Tests.Api;

/// <summary>Both pages in a real browser, on a real night.</summary>
public sealed class DeskBrowserTests
{
    [Fact]
    public async Task Pages_OfAPublishedNight_ShowWhatTheApiSaysInBothLanguages()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string>
        {
            ["transactions.csv"] = Customers.Transactions(400),
            ["customers.csv"] = "customer_id,phone,email\nC1,+49 30 23125001,\nC2,+49 30 23125001,\nC3,+49 30 23125003,customer3@example.com\n",
        });
        await rig.RunAsync(NightRig.Tonight);
        var served = (await rig.Api.GetFromJsonAsync<ServedPortfolio>("api/portfolio", NightJson.Options))!;

        await LooksRightAsync("de-DE", "Bestandswert", "Stammkunde", "Zurücksetzen");
        await LooksRightAsync("en-GB", "Base value", "Regular customer", "Reset");

        async Task LooksRightAsync(string locale, string baseValue, string steady, string reset)
        {
            await using var context = await chromium.OpenAsync(locale, rig.Host.BaseAddress);
            var page = await context.NewPageAsync();
            var errors = page.KeepErrors();

            await page.GotoAsync("portfolio.html");
            await Expect(page.Locator("h1")).ToHaveTextAsync(baseValue);
            await Expect(page.Locator(".headline .amount")).ToHaveTextAsync(served.Portfolio.Total.Future.ToString("N2", CultureInfo.GetCultureInfo(locale)));
            await Expect(page.Locator(".groups tbody th").Filter(new() { HasText = steady })).ToHaveCountAsync(1);

            await page.Locator("#price-field").FillAsync("10");
            var difference = page.Locator(".outcome .figure strong strong");
            await Expect(difference).ToHaveTextAsync(Signed(await DifferenceAsync(10)));
            await page.Locator("#price").PressAsync("ArrowRight");
            await Expect(difference).ToHaveTextAsync(Signed(await DifferenceAsync(11)));
            await page.GetByRole(AriaRole.Button, new() { Name = reset }).ClickAsync();
            await Expect(difference).ToHaveTextAsync(Signed(0));

            await page.GotoAsync("index.html#C1");
            await Expect(page.Locator("h1")).ToHaveTextAsync("C1");
            await CallersAreFoundAsync(page, locale);
            Assert.Empty(errors);

            // A sign stays on the line of its amount: a word joiner follows it.
            string Signed(decimal value) => value.ToString("+\u2060#,0.00;\u2212#,0.00;0.00", CultureInfo.GetCultureInfo(locale));
        }

        async Task CallersAreFoundAsync(IPage page, string locale)
        {
            var german = locale.StartsWith("de", StringComparison.Ordinal);
            var asked = new ConcurrentQueue<string>();
            page.Request += (_, request) => asked.Enqueue(request.Url);

            // Two people share the number that a telephone system opens the page with.
            await page.GotoAsync("index.html#phone=+49%2030%2023125001");
            await Expect(page.Locator(".match")).ToHaveCountAsync(2);
            await Expect(page.Locator("h1")).ToHaveTextAsync("+49 30 23125001");
            await Expect(page.Locator(".who .segment")).ToHaveTextAsync(german ? "2 Personen mit dieser Nummer: Wer ist es?" : "2 people with this number: who is it?");
            await Expect(page.Locator(".match").First).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator(".value .amount")).ToBeVisibleAsync();
            await page.Locator(".back").ClickAsync();
            await Expect(page.Locator(".match")).ToHaveCountAsync(2);

            await TypeAsync("CUSTOMER3@example.com");
            await Expect(page.Locator("h1")).ToHaveTextAsync("CUSTOMER3@example.com");
            await Expect(page.Locator(".who code")).ToHaveTextAsync(Key("C3")[..8]);
            await TypeAsync("0049 30 23125003");
            await Expect(page.Locator(".who code")).ToHaveTextAsync(Key("C3")[..8]);
            await TypeAsync("C4");
            await Expect(page.Locator("h1")).ToHaveTextAsync("C4");
            await Expect(page.Locator(".who code")).ToHaveCountAsync(0);
            // The page is open already when the next call comes in.
            await page.EvaluateAsync("location.hash = '#email=customer3%40example.com'");
            await Expect(page.Locator("h1")).ToHaveTextAsync("customer3@example.com");

            Assert.DoesNotContain('#', page.Url);
            Assert.DoesNotContain(asked, static url => new Uri(url).PathAndQuery is var path && (path.Contains("23125", StringComparison.Ordinal) || path.Contains("example.com", StringComparison.Ordinal)));

            async Task TypeAsync(string question)
            {
                await page.Locator("#id").FillAsync(question);
                await page.Locator("#id").PressAsync("Enter");
            }
        }

        async Task<decimal> DifferenceAsync(double percent)
        {
            using var answer = await rig.Api.PostAsJsonAsync("api/scenarios", new ScenarioRequest([new ScenarioChange(ScenarioLever.Price, percent)]), NightJson.Options);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return body.GetProperty("scenario").GetProperty("difference").GetProperty("value").GetDecimal();
        }
    }

    private static string Key(string id) => CustomerKey.Of(Encoding.UTF8.GetBytes(id), Encoding.UTF8.GetBytes(NightRig.HashKey)).ToString();
}
