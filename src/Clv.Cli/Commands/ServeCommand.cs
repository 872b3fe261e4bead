using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Clv.Cli.Local;
using Clv.Cli.SelfHost;
using Clv.Cli.Terminal;
using Spectre.Console;

namespace Clv.Cli.Commands;

/// <summary><c>clv serve</c>: the app with its timer, its queue and its API, on local storage until Ctrl-C, or as a service on a storage account.</summary>
internal static class ServeCommand
{
    private const string Local = "local";
    private const string Account = "account";

    private static readonly Option<string> Storage = new("--storage")
    {
        Description = "local: the emulator on the --data folder. account: the Azure Storage account that the app's settings name (AzureWebJobsStorage or "
            + "AzureWebJobsStorage__accountName); the hash key (Clv__HashKey) and the API's keys (Clv__ApiKeys__Agent, __Analyst, __Operator) are settings too. "
            + "An account is never used without this option, because its night starts by itself.",
        DefaultValueFactory = static _ => Local,
    };

    private static readonly Option<DirectoryInfo?> Secrets = new("--secrets")
    {
        Description = "With an account: folder with a file for each secret setting, such as Clv__HashKey. [default: systemd's credentials, if it gave any]",
    };

    private static readonly Option<IPAddress> Bind = new("--bind")
    {
        Description = "With an account: address to listen on; 0.0.0.0 for all. It speaks HTTP: put a proxy with TLS in front.",
        DefaultValueFactory = static _ => IPAddress.Loopback,
        CustomParser = static result => IPAddress.TryParse(result.Tokens[0].Value, out var address) ? address : Refuse(result, "--bind must be an IP address, such as 0.0.0.0 or ::."),
    };

    private static readonly Option<IPNetwork[]> Proxy = new("--proxy")
    {
        Description = "With an account: address or network of a proxy in front, such as 10.0.0.0/8, whose X-Forwarded-For is believed. Repeatable.",
        DefaultValueFactory = static _ => [],
        CustomParser = static result =>
        {
            var networks = new List<IPNetwork>();
            foreach (var token in result.Tokens)
            {
                if (IPNetwork.TryParse(token.Value, out var network))
                {
                    networks.Add(network);
                }
                else if (IPAddress.TryParse(token.Value, out var address))
                {
                    networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
                }
                else
                {
                    result.AddError("--proxy must be an IP address or a network, such as 10.0.0.0/8.");
                }
            }

            return [.. networks];
        },
    };

    private static readonly Option<int> StopSeconds = SharedOptions.Bounded(
        "--stop-seconds", 60, 0, 3600, "With an account: how long units that run may go on after SIGTERM; what is cut short is done again.");

    public static Command Create()
    {
        Storage.AcceptOnlyFromAmong(Local, Account);
        var command = new Command("serve", "Serve the API and run the nightly timer, on local storage or on an Azure Storage account, until Ctrl-C or SIGTERM.")
        {
            Storage, SharedOptions.Port, SharedOptions.Open, SharedOptions.Workers, SharedOptions.Data, Bind, Proxy, Secrets, StopSeconds,
        };
        command.Validators.Add(Check);
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>How long after SIGTERM the program is ended whatever it does: 30 seconds after everything has ended by itself.</summary>
    public static TimeSpan EndsWithin(ParseResult arguments) =>
        TimeSpan.FromSeconds(30 + (arguments.GetResult(StopSeconds) is null ? 0 : arguments.GetValue(StopSeconds)));

    private static void Check(CommandResult result)
    {
        var isAccount = result.GetValue(Storage) == Account;
        foreach (var option in (Option[])(isAccount ? [SharedOptions.Data] : [Bind, Proxy, Secrets, StopSeconds]))
        {
            if (result.GetResult(option) is { Implicit: false })
            {
                result.AddError($"{option.Name} needs --storage {(isAccount ? Local : Account)}.");
            }
        }

        if (isAccount && result.GetValue(SharedOptions.Open) && result.GetResult(Proxy) is { Implicit: false })
        {
            result.AddError("--open asks nobody for a key, and --proxy says that others come through a proxy: leave one of the two out.");
        }

        if (isAccount && result.GetValue(SharedOptions.Open) && result.GetResult(Bind) is { Implicit: false } && result.GetValue(Bind) is { } address && !IPAddress.IsLoopback(address))
        {
            result.AddError("--open asks nobody for a key, so it is for this machine alone: leave --bind out, or --open.");
        }
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(Storage) == Account)
        {
            var secrets = arguments.GetValue(Secrets) ?? (ServiceManager.Credentials is { } folder ? new DirectoryInfo(folder) : null);
            var service = new Service(
                ServiceSettings.Read(secrets, arguments.GetValue(SharedOptions.Open)),
                arguments.GetValue(Bind)!,
                arguments.GetValue(SharedOptions.Port),
                arguments.GetValue(Proxy)!,
                arguments.GetValue(SharedOptions.Workers),
                TimeSpan.FromSeconds(arguments.GetValue(StopSeconds)));
            await service.RunAsync(cancellationToken);
            return 0;
        }

        if (Environment.GetEnvironmentVariables().Keys.Cast<string>().Any(static name => name.StartsWith("AzureWebJobsStorage", StringComparison.OrdinalIgnoreCase)))
        {
            Consoles.Output.MarkupLine("[grey]AzureWebJobsStorage is set and not used: --storage account serves from it.[/]");
        }

        var data = arguments.GetValue(SharedOptions.Data)!;
        using var log = new AppLog(data);
        await using var local = await LocalNight.StartAsync(
            data,
            arguments.GetValue(SharedOptions.Workers),
            arguments.GetValue(SharedOptions.Port),
            arguments.GetValue(SharedOptions.Open),
            new StepLines(Consoles.Output),
            log,
            cancellationToken);
        await WaitAsync(local, cancellationToken);
        return 0;
    }

    /// <summary>Says where the pages and the API are and waits for Ctrl-C.</summary>
    public static async Task WaitAsync(LocalNight local, CancellationToken cancellationToken)
    {
        // Not through the console that folds long lines: a link has to stay whole.
        await Console.Out.WriteLineAsync($"Open {local.Link}");
        Consoles.Output.MarkupLine($"Serving [bold]{local.Address}api/customers/{{id}}[/]   Ctrl-C stops");
        try
        {
            await local.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Consoles.Output.MarkupLine("[grey]Stopping ...[/]");
        }
    }

    private static IPAddress? Refuse(ArgumentResult result, string error)
    {
        result.AddError(error);
        return null;
    }
}
