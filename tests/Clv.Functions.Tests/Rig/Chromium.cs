using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Clv.Functions.Tests.Rig;

/// <summary>The machine's browser.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // What a page is waited for, and what is expected of it, on a machine that has much else to do.
    private const float LimitMilliseconds = 120_000;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it; the test is skipped where there is none.</summary>
    public static async Task<Chromium> StartAsync()
    {
        var program = Array.Find(Programs, File.Exists);
        Assert.SkipWhen(program is null, $"There is no browser: none of {string.Join(", ", Programs)}.");
        Assertions.SetDefaultExpectTimeout(LimitMilliseconds);
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Timeout = LimitMilliseconds }));
    }

    /// <summary>A person's browser: with a language, at an app's address, and with nothing of others.</summary>
    public async Task<IBrowserContext> OpenAsync(string locale, Uri address)
    {
        var context = await _browser.NewContextAsync(new() { Locale = locale, BaseURL = address.ToString() });
        context.SetDefaultTimeout(LimitMilliseconds);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>What a test asks of a page.</summary>
public static class Pages
{
    /// <summary>Keeps what goes wrong on a page from now on; it is told by a thread of the browser's own.</summary>
    public static IReadOnlyCollection<string> KeepErrors(this IPage page)
    {
        var errors = new ConcurrentQueue<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Enqueue(error);
        return errors;
    }
}
