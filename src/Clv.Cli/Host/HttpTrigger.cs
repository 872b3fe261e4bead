namespace Clv.Cli.Host;

/// <summary>A request over HTTP starts the function; it is forwarded as it is.</summary>
/// <param name="Binding">The binding's name.</param>
/// <param name="Route">The route template with the app's prefix.</param>
/// <param name="Methods">The methods; empty for all.</param>
/// <param name="Source">The function.json, for messages.</param>
internal sealed record HttpTrigger(string Binding, string Route, IReadOnlyList<string> Methods, string Source) : Trigger(Binding)
{
    public static HttpTrigger Read(JsonFile binding, string function, string prefix)
    {
        // Levels are checked for spelling only: no keys are asked for locally, as with the Core Tools.
        var level = binding.Text("authLevel") ?? "function";
        if (level.ToUpperInvariant() is not ("ANONYMOUS" or "FUNCTION" or "ADMIN"))
        {
            throw new FunctionsHostException(
                $"{binding.Path}: \"authLevel\" is \"{level}\", but it must be \"anonymous\", \"function\" or \"admin\".");
        }

        var route = (binding.Text("route") ?? function).TrimStart('/');
        return new HttpTrigger(
            binding.RequiredText("name"),
            prefix.Length == 0 ? route : $"{prefix}/{route}",
            [.. binding.Texts("methods").Select(method => method.ToUpperInvariant())],
            binding.Path);
    }

    /// <summary>Whether a request could be meant for either.</summary>
    public bool Collides(HttpTrigger other) =>
        Route.Equals(other.Route, StringComparison.OrdinalIgnoreCase) &&
        (Methods.Count == 0 || other.Methods.Count == 0 || Methods.Intersect(other.Methods).Any());
}
