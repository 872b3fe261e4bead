namespace Clv.Cli.Emulator;

/// <summary>The loopback ports of the three services, and how to tell that they are an emulator's.</summary>
internal sealed record AzuriteEndpoints(int Blob, int Queue, int Table)
{
    // The emulator's published development account: the same on every machine, and no secret.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    // Never through a proxy: the addresses are this machine's own.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{Blob}/{Account};" +
        $"QueueEndpoint=http://127.0.0.1:{Queue}/{Account};TableEndpoint=http://127.0.0.1:{Table}/{Account};";

    /// <summary>Whether all three ports answer as Azurite does; any other program on one of them makes this false.</summary>
    public async Task<bool> AnswerAsync(CancellationToken cancellationToken)
    {
        (int Port, string Name)[] services = [(Blob, "Azurite-Blob"), (Queue, "Azurite-Queue"), (Table, "Azurite-Table")];
        foreach (var (port, name) in services)
        {
            try
            {
                using var answer = await Client.GetAsync(
                    new Uri($"http://127.0.0.1:{port}/"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (!answer.Headers.Server.ToString().StartsWith(name, StringComparison.Ordinal))
                {
                    return false;
                }
            }
            catch (HttpRequestException)
            {
                return false;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        return true;
    }
}
