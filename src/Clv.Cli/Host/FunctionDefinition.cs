namespace Clv.Cli.Host;

/// <summary>One function: its name and what triggers it, with every reference to an app setting resolved.</summary>
internal sealed record FunctionDefinition(string Name, Trigger Trigger)
{
    /// <summary>All functions of an app that are not disabled, in the order of their names.</summary>
    public static IReadOnlyList<FunctionDefinition> ReadAll(string appFolder, HostJson host, AppSettings settings)
    {
        var files = Directory.GetDirectories(appFolder)
            .Select(folder => Path.Combine(folder, "function.json"))
            .Where(File.Exists)
            .Order(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (files.Count == 0)
        {
            throw new FunctionsHostException($"{appFolder} has no function: no folder in it holds a function.json. Publish the function app into it.");
        }

        return [.. files
            .Select(file => Read(JsonFile.Read(file), host, settings))
            .OfType<FunctionDefinition>()];
    }

    private static FunctionDefinition? Read(JsonFile file, HostJson host, AppSettings settings)
    {
        var name = new DirectoryInfo(Path.GetDirectoryName(file.Path)!).Name;
        var disabled = settings.Find($"AzureWebJobs.{name}.Disabled");
        if (file.Flag("disabled") || string.Equals(disabled, "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bindings = file.Elements("bindings").Select(file.At).ToList();
        var triggers = bindings
            .Where(binding => binding.RequiredText("type").EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)).ToList();
        if (triggers.Count != 1)
        {
            throw new FunctionsHostException($"{file.Path} has {triggers.Count} triggers among its bindings, but a function has exactly one.");
        }

        var others = bindings.Where(binding => binding != triggers[0]).Select(binding => binding.RequiredText("type").ToUpperInvariant()).ToList();
        var trigger = triggers[0];
        var type = trigger.RequiredText("type");
        return new FunctionDefinition(name, type.ToUpperInvariant() switch
        {
            "TIMERTRIGGER" when others is [] => TimerTrigger.Read(trigger, settings),
            "QUEUETRIGGER" when others is [] => QueueTrigger.Read(trigger, settings),
            "HTTPTRIGGER" when others is ["HTTP"] && host.ForwardsHttpRequests => HttpTrigger.Read(trigger, name, host.RoutePrefix),
            "HTTPTRIGGER" => throw new FunctionsHostException(
                $"{file.Path}: an HTTP function needs exactly one \"http\" output binding, " +
                $"and \"customHandler.enableForwardingHttpRequest\": true in {host.FilePath}."),
            "TIMERTRIGGER" or "QUEUETRIGGER" => throw new FunctionsHostException(
                $"{file.Path} has a binding beside its trigger, which this host does not serve."),
            _ => throw new FunctionsHostException(
                $"{file.Path} has a \"{type}\", but this host serves timerTrigger, queueTrigger and httpTrigger only."),
        });
    }
}
