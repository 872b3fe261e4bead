using System.CommandLine;
using Clv.Cli.Package;
using Clv.Cli.Terminal;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv publish</c>: the package that Azure runs.</summary>
internal static class PublishCommand
{
    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = "Folder of the package: empty, or with an earlier package, which is replaced.",
        Required = true,
    };

    private static readonly Option<string> Head = new("--head")
    {
        Description = "What the Functions host starts: custom (the custom handler, for the runtime `custom`, with .NET in the package) or isolated (the "
            + "isolated worker, for the runtime `dotnet-isolated`).",
        DefaultValueFactory = static _ => PackageHead.Custom.Name,
    };

    private static readonly Option<ApiLevel> Api = new("--api")
    {
        Description = "Whom the Functions host lets through to the API: function (whoever has a key of the host, for Clv:Access FunctionKeys) or anonymous "
            + "(everybody, since the app itself asks: for Clv:Access AppService and ApiKeys; with FunctionKeys the package does not start).",
        DefaultValueFactory = static _ => ApiLevel.Function,
    };

    private static readonly Option<FileInfo?> Zip = new("--zip") { Description = "File to write the package to as the zip that is deployed; an earlier one is replaced." };

    public static Command Create()
    {
        Head.AcceptOnlyFromAmong([.. PackageHead.All.Select(static head => head.Name)]);
        var command = new Command("publish", "Build what is deployed to Azure Functions: a folder, and a zip of it.") { Out, Head, Api, Zip };
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Out) is { } folder && result.GetValue(Zip) is { } zip
                && Path.GetFullPath(zip.FullName).StartsWith(Path.TrimEndingDirectorySeparator(folder.FullName) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                result.AddError("--zip is inside --out, and would be part of the package itself: name a file elsewhere.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var head = PackageHead.All.Single(head => head.Name == arguments.GetValue(Head));
        if (arguments.GetValue(Zip) is { } refused)
        {
            // Before the build, which takes minutes.
            PackageZip.RefuseOthers(refused);
        }

        await Console.Error.WriteLineAsync($"Building {head.Project} for linux-x64; the first time takes a few minutes.");
        var package = await AppPackage.BuildAsync(head, arguments.GetValue(Api), arguments.GetValue(Out)!, cancellationToken);
        Consoles.Output.MarkupLine($"[bold]{package.Files.Count:N0}[/] files, [bold]{Megabytes(package.Bytes)}[/] MB in {Markup.Escape(package.Folder.FullName)}");
        if (arguments.GetValue(Zip) is { } zip)
        {
            PackageZip.Write(package, zip);
            zip.Refresh();
            Consoles.Output.MarkupLine($"[bold]{Megabytes(zip.Length)}[/] MB in {Markup.Escape(zip.FullName)}");
        }

        return 0;
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N1}";
}
