namespace Azure.Data.Tables.Access;

/// <summary>What an endpoint's address says.</summary>
internal static class AccountAddress
{
    /// <summary>
    /// "https://contoso.table.core.windows.net" names the account in its host; "http://127.0.0.1:10002/contoso", as every emulator does, in
    /// its path.
    /// </summary>
    public static string AccountName(Uri endpoint)
    {
        var dot = endpoint.Host.IndexOf('.', StringComparison.Ordinal);
        return endpoint.HostNameType == UriHostNameType.Dns && dot > 0
            ? endpoint.Host[..dot]
            : endpoint.AbsolutePath.Trim('/').Split('/')[0];
    }

    /// <summary>A signature in the address is as good as a password, so it may only travel encrypted, or not leave the machine.</summary>
    public static void RequireEncryption(Uri endpoint)
    {
        if (endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback)
        {
            throw new ArgumentException("A shared access signature needs an https endpoint.", nameof(endpoint));
        }
    }
}
