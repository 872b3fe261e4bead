using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Access;

/// <summary>
/// Signs a request with the account's key: the table service's own form of "SharedKey", which covers the verb, Content-MD5, Content-Type,
/// the date and the resource (https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key). Sits behind the retry
/// policy, because a signature is only accepted for 15 minutes and a late try needs a fresh one.
/// </summary>
internal sealed class SharedKeyPolicy(TableSharedKeyCredential credential, TimeProvider clock) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        var date = clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        request.Headers.SetValue("x-ms-date", date);
        var text = StringToSign(
            request.Method.Method,
            request.Headers.TryGetValue("Content-MD5", out var md5) ? md5 : "",
            request.Headers.TryGetValue("Content-Type", out var type) ? type : "",
            date,
            credential.AccountName,
            request.Uri.ToUri());
        request.Headers.SetValue("Authorization", $"SharedKey {credential.AccountName}:{credential.Sign(text)}");
    }

    /// <remarks>
    /// The path goes in as it is on the wire, still percent-encoded; of the query only "comp" counts. On Azurite the path begins with the
    /// account, so that its name stands there twice.
    /// </remarks>
    internal static string StringToSign(string verb, string contentMd5, string contentType, string date, string account, Uri uri)
    {
        var resource = $"/{account}{uri.AbsolutePath}";
        foreach (var pair in uri.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("comp=", StringComparison.OrdinalIgnoreCase))
            {
                resource += "?comp=" + Uri.UnescapeDataString(pair[5..]);
            }
        }

        return $"{verb}\n{contentMd5}\n{contentType}\n{date}\n{resource}";
    }
}
