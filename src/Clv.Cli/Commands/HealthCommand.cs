using System.CommandLine;

namespace Clv.Cli.Commands;

/// <summary><c>clv health</c>: whether a service answers and its storage too, for a container's health check, which has no other program to ask with.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly Argument<Uri> Address = new("address")
    {
        Description = "Where the service is.",
        DefaultValueFactory = static _ => new Uri("http://127.0.0.1:7071/"),
        CustomParser = static result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError("The address must be one such as http://127.0.0.1:7071/.");
            return null;
        },
    };

    public static Command Create()
    {
        var command = new Command("health", "Ask a running service whether it and its storage answer: exit code 0 if they do, else 1.") { Address };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var address = new Uri(arguments.GetValue(Address)!, "/api/healthz");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(address, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                await Console.Out.WriteLineAsync("ok");
                return 0;
            }

            throw new CliException($"{address} answers {(int)answer.StatusCode}: storage does not answer, or the app is starting. The service's log says more.");
        }
        catch (HttpRequestException e)
        {
            throw new CliException($"{address} does not answer: {e.Message}. Is the service running, and on this port?", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"{address} does not answer within {Limit.TotalSeconds} seconds.", e);
        }
    }
}
