using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Wire;

/// <summary>Finds the service's error code: in the x-ms-error-code header, or in the OData error that is the answer's body.</summary>
internal sealed class TableError : RequestFailedDetailsParser
{
    private static readonly TableError Parser = new();

    /// <summary>Makes the failure of an operation.</summary>
    /// <param name="operation">What was tried, for the message.</param>
    /// <param name="table">The table's name, for the message.</param>
    /// <param name="response">The service's answer.</param>
    public static RequestFailedException Of(string operation, string table, Response response) =>
        new Failure(operation, table, response, Parser);

    /// <summary>The code and the text of an answer; null where it has none.</summary>
    public static (string? Code, string? Text) Read(Response response)
    {
        response.Headers.TryGetValue("x-ms-error-code", out var code);
        if (response.ContentStream is null || response.Content.ToMemory() is not { Length: > 0 } body)
        {
            return (code, null);
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("odata.error", out var error)
                && error.ValueKind == JsonValueKind.Object)
            {
                var inBody = error.TryGetProperty("code", out var written) ? written.GetString() : null;
                var text = error.TryGetProperty("message", out var message) && message.TryGetProperty("value", out var value)
                    ? value.GetString()
                    : null;
                return (code ?? inBody, text);
            }
        }
        catch (Exception notOData) when (notOData is JsonException or InvalidOperationException)
        {
            // A proxy's page, or Azurite's XML: the header and the status say enough.
        }

        return (code, null);
    }

    public override bool TryParse(Response response, out ResponseError? error, [NotNullWhen(true)] out IDictionary<string, string>? data)
    {
        var (code, text) = Read(response);
        error = new ResponseError(code, text);
        data = new Dictionary<string, string>(StringComparer.Ordinal);
        return code is not null;
    }

    /// <summary>
    /// The base class's message quotes the whole answer, and a service's text may quote what was sent; this one does not.
    /// </summary>
    private sealed class Failure(string operation, string table, Response response, RequestFailedDetailsParser parser)
        : RequestFailedException(response, innerException: null, parser)
    {
        private readonly string _request = response.Headers.TryGetValue("x-ms-request-id", out var id) ? id : "unknown";

        public override string Message =>
            $"{operation} on table '{table}' failed with status {Status} ({ErrorCode ?? "no error code"}), service request {_request}.";
    }
}
