namespace Clv.Cli.Host;

/// <summary>What host.json says, with the real host's defaults for what it leaves out.</summary>
internal sealed record HostJson
{
    public required string FilePath { get; init; }

    public required string Executable { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Null for the app's folder.</summary>
    public required string? WorkingDirectory { get; init; }

    public required bool ForwardsHttpRequests { get; init; }

    public required string RoutePrefix { get; init; }

    /// <summary><see cref="Timeout.InfiniteTimeSpan"/> for a call that may take for ever.</summary>
    public required TimeSpan FunctionTimeout { get; init; }

    public required QueueSettings Queues { get; init; }

    public static HostJson Read(string appFolder)
    {
        var path = Path.Combine(appFolder, "host.json");
        if (!File.Exists(path))
        {
            throw new FunctionsHostException(
                $"There is no {path}: publish the function app into that folder, " +
                "or name the folder it was published to.");
        }

        var file = JsonFile.Read(path);
        var timeout = file.Text("functionTimeout") == "-1" ? Timeout.InfiniteTimeSpan : file.Time("functionTimeout") ?? TimeSpan.FromMinutes(30);
        if (timeout == TimeSpan.Zero)
        {
            throw new FunctionsHostException($"{path}: \"functionTimeout\" is zero, but a call needs some time; \"-1\" sets no limit.");
        }

        return new HostJson
        {
            FilePath = path,
            Executable = file.RequiredText("customHandler.description.defaultExecutablePath"),
            Arguments = file.Texts("customHandler.description.arguments"),
            WorkingDirectory = file.Text("customHandler.description.workingDirectory"),
            ForwardsHttpRequests = file.Flag("customHandler.enableForwardingHttpRequest"),
            RoutePrefix = (file.Text("extensions.http.routePrefix") ?? "api").Trim('/'),
            FunctionTimeout = timeout,
            Queues = QueueSettings.Read(file),
        };
    }
}
