using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Clv.Functions.Tests.Access;

/// <summary>
/// Plays App Service authentication in front of an app, as the template sets it: whoever has no session is redirected to sign in, and of whoever has
/// one the app is told in the principal's header, which nobody else can send. Signing in takes no word here, and leads back to the page that asked.
/// </summary>
internal sealed class SignInFront : IAsyncDisposable
{
    private const string Cookie = "AppServiceAuthSession";
    private const string SignIn = "/.auth/login/aad";

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _transport = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private readonly ConcurrentDictionary<string, bool> _sessions = new();

    private SignInFront(Uri behind, string principal)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(async context =>
        {
            Asked.Enqueue(context.Request.GetEncodedPathAndQuery());
            context.Request.Headers.Remove(Functions.Access.ClientPrincipal.Header);
            if (context.Request.Path == SignIn)
            {
                Start(context);
            }
            else if (_sessions.ContainsKey(context.Request.Cookies[Cookie] ?? ""))
            {
                context.Request.Headers[Functions.Access.ClientPrincipal.Header] = principal;
                await forwarder.SendAsync(context, behind.ToString(), _transport);
            }
            else
            {
                // Somewhere else, which no page can read.
                context.Response.Redirect($"http://localhost:{context.Connection.LocalPort}{SignIn}");
            }
        });
    }

    /// <summary>Where people reach the app.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>The addresses that were asked for, from the path on, in their order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Starts it.</summary>
    /// <param name="behind">The app.</param>
    /// <param name="principal">Whoever signs in, as the header has it.</param>
    public static async Task<SignInFront> StartAsync(Uri behind, string principal)
    {
        var front = new SignInFront(behind, principal);
        await front._app.StartAsync(TestContext.Current.CancellationToken);
        return front;
    }

    /// <summary>Ends all sessions, as time does.</summary>
    public void EndSessions() => _sessions.Clear();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _transport.Dispose();
    }

    private void Start(HttpContext context)
    {
        var session = Guid.NewGuid().ToString();
        _sessions[session] = true;
        context.Response.Cookies.Append(Cookie, session, new CookieOptions { HttpOnly = true });
        context.Response.Redirect(context.Request.Query["post_login_redirect_uri"] is [{ } back] ? back : "/");
    }
}
