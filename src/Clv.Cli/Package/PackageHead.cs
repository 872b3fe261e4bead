namespace Clv.Cli.Package;

/// <summary>One of the two programs that the Functions host can start the app as.</summary>
/// <param name="Name">Its name at the command line.</param>
/// <param name="Project">Its project, from the root of the source tree.</param>
/// <param name="Program">The file that says that a folder is its package, beside host.json.</param>
/// <param name="SelfContained">Whether the .NET runtime is in the package.</param>
internal sealed record PackageHead(string Name, string Project, string Program, bool SelfContained)
{
    /// <summary>The custom handler, for the runtime <c>custom</c>.</summary>
    public static PackageHead Custom { get; } = new("custom", "src/Clv.Functions", "Clv.Functions", SelfContained: true);

    /// <summary>The isolated worker, for the runtime <c>dotnet-isolated</c>, which has .NET.</summary>
    public static PackageHead Isolated { get; } = new("isolated", "src/Clv.Functions.Isolated", "Clv.Functions.Isolated.dll", SelfContained: false);

    /// <summary>Both.</summary>
    public static IReadOnlyList<PackageHead> All { get; } = [Custom, Isolated];

    /// <summary>Whether files are those of a package.</summary>
    /// <param name="has">Whether a file is among them.</param>
    public static bool IsPackage(Func<string, bool> has) => has("host.json") && All.Any(head => has(head.Program));
}
