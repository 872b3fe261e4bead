using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Access;

/// <summary>
/// Appends the shared access signature to the query, anew on every try: the credential can be renewed between two tries, and a second try
/// must not carry the signature twice.
/// </summary>
internal sealed class SasPolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var uri = message.Request.Uri;
        string unsigned;
        if (message.TryGetProperty(typeof(SasPolicy), out var kept))
        {
            unsigned = (string)kept!;
        }
        else
        {
            unsigned = uri.Query;
            message.SetProperty(typeof(SasPolicy), unsigned);
        }

        var signature = credential.Signature.TrimStart('?');
        uri.Query = unsigned.Length > 1 ? $"{unsigned}&{signature}" : $"?{signature}";
    }
}
