using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Clv.Cli.Host;

/// <summary>Which app to host, and how.</summary>
public sealed record FunctionsHostOptions
{
    /// <summary>The folder of the app as it is published: host.json, and a folder with a function.json for each function.</summary>
    public required string AppFolder { get; init; }

    /// <summary>
    /// The app settings. The handler gets them as environment variables, on top of this process's own. A colon in a name and two
    /// underscores mean the same, as in Azure, where <c>Clv__Schedule</c> fills <c>%Clv:Schedule%</c>. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How many handler processes run, 1 to 64; each polls the queues for itself, as an instance in Azure does. Default: 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The port of the HTTP functions; 0, the default, takes a free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>The address of the HTTP functions. Default: loopback, for this machine alone.</summary>
    public IPAddress HttpAddress { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// The proxies in front that say in X-Forwarded-For who their client is; what anybody else says there is not believed. Default: none.
    /// </summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>
    /// Takes the host's messages and the handlers' output: a line on standard output as information, one on standard error as an error.
    /// Default: nowhere.
    /// </summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The clock of schedules, polling and timeouts. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a message is hidden while its call runs. It is renewed at half of that, so only a dead host lets it pass.</summary>
    internal TimeSpan MessageLease { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a handler may take from its start to its first answer.</summary>
    internal TimeSpan HandlerStartLimit { get; init; } = TimeSpan.FromSeconds(30);

    internal void Check()
    {
        if (Workers is < 1 or > 64)
        {
            throw new FunctionsHostException($"{nameof(Workers)} is {Workers}, but it is between 1 and 64.");
        }

        if (HttpPort is < 0 or > 65535)
        {
            throw new FunctionsHostException($"{nameof(HttpPort)} is {HttpPort}, but a port is between 0 (any free one) and 65535.");
        }
    }
}
