namespace Clv.Cli.Local;

/// <summary>
/// Who may use the API on this machine: whoever has the data folder's key, which may do everything. Other people's programs on the machine, and
/// pages in a browser on it, reach the port too.
/// </summary>
/// <param name="Key">The key; null when anybody may.</param>
internal sealed record LocalAccess(string? Key)
{
    /// <summary>The key of a data folder, or nobody's.</summary>
    public static LocalAccess Of(DirectoryInfo data, bool open) => new(open ? null : KeyFile.ReadOrMake(data, "api.key"));

    /// <summary>The app's settings, in place of what the environment says: the commands have to get in.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Clv__Access"] = Key is null ? "FunctionKeys" : "ApiKeys",
        ["Clv__ApiKeys__Agent"] = Key ?? "",
        ["Clv__ApiKeys__Analyst"] = Key ?? "",
        ["Clv__ApiKeys__Operator"] = Key ?? "",
    };

    /// <summary>Lets a client in.</summary>
    public void Admit(HttpClient client)
    {
        if (Key is not null)
        {
            client.DefaultRequestHeaders.Add("x-api-key", Key);
        }
    }

    /// <summary>The pages' address with the key in its fragment, which a browser sends nowhere and the page takes out of the address bar.</summary>
    public string Link(Uri address) => Key is null ? address.ToString() : $"{address}#key={Key}";
}
