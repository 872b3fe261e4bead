using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Access;

/// <summary>
/// A reachable account: where it is and the pipeline that signs for it. Shared by a service client and the table clients it hands out.
/// </summary>
internal sealed class TableAccount
{
    private const string Scope = "https://storage.azure.com/.default";

    private readonly HttpPipeline _pipeline;
    private readonly string _version;
    private readonly string _root;

    private TableAccount(Uri endpoint, string? name, TableClientOptions? options, HttpPipelinePolicy authorisation)
    {
        options ??= new TableClientOptions();
        Endpoint = endpoint;
        Name = name ?? AccountAddress.AccountName(endpoint);
        _root = endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/";
        _version = options.VersionHeader;
        _pipeline = HttpPipelineBuilder.Build(options, [], [authorisation], new ResponseClassifier());
    }

    public Uri Endpoint { get; }

    public string Name { get; }

    public static TableAccount From(string connectionString, TableClientOptions? options)
    {
        var parsed = TableConnectionString.Parse(connectionString);
        if (parsed.SharedKey is { } key)
        {
            return new(parsed.Endpoint, parsed.AccountName, options, KeyPolicy(key));
        }

        AccountAddress.RequireEncryption(parsed.Endpoint);
        return new(parsed.Endpoint, parsed.AccountName, options, new SasPolicy(new AzureSasCredential(parsed.Signature!)));
    }

    public static TableAccount From(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(endpoint, credential.AccountName, options, KeyPolicy(credential));
    }

    public static TableAccount From(Uri endpoint, AzureSasCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        AccountAddress.RequireEncryption(endpoint);
        return new(endpoint, null, options, new SasPolicy(credential));
    }

    public static TableAccount From(Uri endpoint, TokenCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);

        // Azure.Core's policy refuses to put a token on plain http, and renews it before it ends.
        return new(endpoint, null, options, new BearerTokenAuthenticationPolicy(credential, Scope));
    }

    /// <summary>The absolute address of something in the account.</summary>
    /// <param name="path">The path after the account, percent-encoded, with its query.</param>
    public string Address(string path) => _root + path;

    /// <param name="method">The verb.</param>
    /// <param name="path">The path after the account, percent-encoded, with its query.</param>
    /// <param name="expected">
    /// A status from 400 up that is an answer here rather than a failure; it keeps logs and traces clean of errors.
    /// </param>
    public HttpMessage CreateMessage(RequestMethod method, string path, int? expected = null)
    {
        HttpMessage message;
        if (expected is null)
        {
            message = _pipeline.CreateMessage();
        }
        else
        {
            var context = new RequestContext();
            context.AddClassifier(expected.Value, isError: false);
            message = _pipeline.CreateMessage(context, _pipeline.ResponseClassifier);
        }

        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(new Uri(Address(path)));
        request.Headers.SetValue("x-ms-version", _version);
        request.Headers.SetValue("DataServiceVersion", "3.0");
        request.Headers.SetValue("Accept", "application/json;odata=minimalmetadata");
        return message;
    }

    /// <summary>Sends and returns the whole answer; the caller judges its status.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        return message.Response;
    }

    private static SharedKeyPolicy KeyPolicy(TableSharedKeyCredential credential) => new(credential, TimeProvider.System);
}
