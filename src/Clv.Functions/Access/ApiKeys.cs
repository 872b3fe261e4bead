using System.Security.Cryptography;
using System.Text;

namespace Clv.Functions.Access;

/// <summary>
/// The app's own keys, in the header x-api-key. A key is compared with all there are, by keyed hashes of one length, so the time that it takes
/// says nothing of any of them.
/// </summary>
internal sealed class ApiKeys : ICallerSource
{
    /// <summary>The header that carries the key.</summary>
    public const string Header = "x-api-key";

    private const int NameDigits = 8;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly IReadOnlyList<(byte[] Mac, Caller Caller)> _keys;

    public ApiKeys(AccessOptions options) => _keys = [.. options.Keys.Select(key => (MacOf(key.Key), new Caller(NameOf(key.Key, key.Value), key.Value)))];

    public string Challenge => $"ApiKey header=\"{Header}\"";

    public string Needed => $"Send a key in the header {Header}: one of the setting Clv:ApiKeys, or the one that `clv serve` prints.";

    public Caller? Find(HttpRequest request)
    {
        if (request.Headers[Header] is not [{ Length: > 0 } given])
        {
            return null;
        }

        var mac = MacOf(given);
        Caller? caller = null;
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(mac, key.Mac))
            {
                caller = key.Caller;
            }
        }

        return caller;
    }

    /// <summary>What the audit knows a key by: what it may do, and the beginning of its hash, which tells it from others and gives nothing away.</summary>
    internal static string NameOf(string key, Roles roles) =>
        $"{string.Join('+', roles.Names())}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..NameDigits]}";

    private byte[] MacOf(string key) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(key));
}
