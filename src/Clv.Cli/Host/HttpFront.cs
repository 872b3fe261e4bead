using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Clv.Cli.Host;

/// <summary>The HTTP functions' front: finds the function by its route and forwards the request as it came.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    // The real host's own limit.
    private const long LargestRequestBody = 100L << 20;

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _transport = new(HandlerProcess.NewTransport());
    private readonly WorkerPool _workers;
    private readonly PollPause _pauses;
    private readonly ILogger _logger;
    private readonly ForwarderRequestConfig _forwarding;

    private HttpFront(WebApplication app, WorkerPool workers, PollPause pauses, TimeSpan functionTimeout, ILogger logger)
    {
        _app = app;
        _workers = workers;
        _pauses = pauses;
        _logger = logger;
        _forwarding = new ForwarderRequestConfig
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = functionTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.FromDays(1) : functionTimeout,
        };
    }

    public Uri Address => new(_app.Urls.Single());

    /// <exception cref="FunctionsHostException">The port is taken, or a route makes no sense.</exception>
    public static async Task<HttpFront> StartAsync(
        IReadOnlyList<FunctionDefinition> functions,
        WorkerPool workers,
        PollPause pauses,
        TimeSpan functionTimeout,
        FunctionsHostOptions options,
        CancellationToken cancellationToken)
    {
        // Empty: neither this process's environment nor its folder is to configure the host of another app.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequestBody;
            kestrel.Listen(options.HttpAddress, options.HttpPort);
        });
        builder.Services.AddRouting();
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        if (options.Proxies.Count > 0)
        {
            app.UseForwardedHeaders(Believing(options.Proxies));
        }

        var front = new HttpFront(app, workers, pauses, functionTimeout, options.Logger);
        try
        {
            front.Map(functions);
            await app.StartAsync(cancellationToken);
            return front;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await front.DisposeAsync();
            throw new FunctionsHostException(
                $"The HTTP port {options.HttpPort} is taken by another program. " +
                $"End that program, or set another {nameof(FunctionsHostOptions.HttpPort)}, or 0 for a free one.",
                exception);
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more requests, and waits a moment for those that run.</summary>
    public async Task StopAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _transport.Dispose();
    }

    // The client of the outermost proxy that is known becomes the request's; what stands before that is whatever the client says.
    private static ForwardedHeadersOptions Believing(IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        return options;
    }

    private void Map(IReadOnlyList<FunctionDefinition> functions)
    {
        var triggers = functions.Select(function => function.Trigger).OfType<HttpTrigger>().ToList();
        for (var index = 0; index < triggers.Count; index++)
        {
            var trigger = triggers[index];
            if (triggers.Take(index).FirstOrDefault(trigger.Collides) is { } other)
            {
                throw new FunctionsHostException($"{trigger.Source} and {other.Source} have the same route \"{trigger.Route}\" for the same method.");
            }

            RoutePattern pattern;
            try
            {
                // As a constraint, so that a route without the method is no match at all: the next route may have it, and 404 is the answer
                // if none does.
                var constraints = new RouteValueDictionary();
                if (trigger.Methods.Count > 0)
                {
                    constraints["httpMethod"] = new HttpMethodRouteConstraint([.. trigger.Methods]);
                }

                pattern = RoutePatternFactory.Parse(trigger.Route, defaults: null, parameterPolicies: constraints);
            }
            catch (RoutePatternException exception)
            {
                throw new FunctionsHostException($"{trigger.Source}: the route \"{trigger.Route}\" is not valid: {exception.Message}", exception);
            }

            _app.Map(pattern, context => ForwardAsync(context, trigger.Route));
        }
    }

    private async Task ForwardAsync(HttpContext context, string route)
    {
        if (_workers.NextReady() is not { } process)
        {
            context.Response.Headers.RetryAfter = "1";
            await ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "No handler process is ready.");
            return;
        }

        var forwarder = context.RequestServices.GetRequiredService<IHttpForwarder>();
        var error = await forwarder.SendAsync(
            context, process.Address.AbsoluteUri, _transport, _forwarding, RequestAsItCame.Instance, context.RequestAborted);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            // It may have sent messages.
            _pauses.WakeAll();
        }

        if (error == ForwarderError.None || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        // The route and not the path, which may name a customer.
        _logger.NotForwarded(context.Request.Method, route, error.ToString());
        if (!context.Response.HasStarted)
        {
            var status = context.Response.StatusCode >= 400 ? context.Response.StatusCode : StatusCodes.Status502BadGateway;
            await ProblemAsync(context, status, $"The handler process did not answer ({error}).");
        }
    }

    private static async Task ProblemAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(
            new { title = detail, status }, options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    /// <summary>
    /// Forwards the request as it came, but for the client's address, which the front of Azure appends too. The target goes byte for byte: a decoded and encoded one would lose the
    /// difference between %2F and a slash.
    /// </summary>
    private sealed class RequestAsItCame : HttpTransformer
    {
        private static readonly UriCreationOptions Untouched = new() { DangerousDisablePathAndQueryCanonicalization = true };

        public static RequestAsItCame Instance { get; } = new();

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            if (httpContext.Connection.RemoteIpAddress is { } client)
            {
                proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-For", client.ToString());
            }

            var target = httpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;

            // A target may also be a whole address, of which the handler gets the path, or the star of an OPTIONS request.
            if (!target.StartsWith('/'))
            {
                target = Uri.TryCreate(target, UriKind.Absolute, out var absolute) ? absolute.PathAndQuery : "/";
            }

            proxyRequest.RequestUri = new Uri(destinationPrefix.TrimEnd('/') + target, in Untouched);
        }
    }
}
