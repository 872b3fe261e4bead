using System.Security.Cryptography;

namespace Azure.Data.Tables;

/// <summary>A storage account's name and key. Thread-safe; the key can be rotated while clients use it.</summary>
public class TableSharedKeyCredential
{
    private byte[] _key;

    /// <summary>Takes an account's name and one of its two keys.</summary>
    /// <param name="accountName">The account's name.</param>
    /// <param name="accountKey">The key in base64. It never appears in a message of this client.</param>
    /// <exception cref="ArgumentException">A parameter is null or empty.</exception>
    /// <exception cref="FormatException"><paramref name="accountKey"/> is not base64.</exception>
    public TableSharedKeyCredential(string accountName, string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountName);
        AccountName = accountName;
        _key = Decode(accountKey);
    }

    /// <summary>The account's name.</summary>
    public string AccountName { get; }

    /// <summary>Replaces the key; requests signed from now on use the new one.</summary>
    /// <param name="accountKey">The key in base64.</param>
    /// <exception cref="ArgumentException"><paramref name="accountKey"/> is null or empty.</exception>
    /// <exception cref="FormatException"><paramref name="accountKey"/> is not base64.</exception>
    public void SetAccountKey(string accountKey) => Volatile.Write(ref _key, Decode(accountKey));

    internal string Sign(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Volatile.Read(ref _key), System.Text.Encoding.UTF8.GetBytes(text)));

    private static byte[] Decode(string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountKey);
        return Convert.FromBase64String(accountKey);
    }
}
