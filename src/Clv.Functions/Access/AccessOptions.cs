namespace Clv.Functions.Access;

/// <summary>The settings of who may do what, read once at start and checked there. Never logged: it holds the keys.</summary>
internal sealed class AccessOptions
{
    /// <summary>The fewest characters of a key.</summary>
    public const int ShortestKey = 32;

    private const string ModeSetting = "Clv:Access";
    private const string KeysSetting = "Clv:ApiKeys";
    private const string LimitSetting = "Clv:RequestsPerMinute";
    private const int MostRequests = 1_000_000;

    // App Service sets it where its authentication is on, and only then takes the principal's headers off what comes from outside.
    private const string AppServiceAuthentication = "WEBSITE_AUTH_ENABLED";

    /// <summary>Who tells callers apart.</summary>
    public required AccessMode Mode { get; init; }

    /// <summary>Requests a minute of one caller from one address; 0 for no limit.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>The keys and what each may do; a key may stand under several roles.</summary>
    public required IReadOnlyDictionary<string, Roles> Keys { get; init; }

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="isHostKeyAskedFor">Whether the Functions host asks for its key in front of the API.</param>
    /// <exception cref="InvalidOperationException">A setting is missing, unusable or contradicts another; the message names it and quotes nothing.</exception>
    public static AccessOptions From(IConfiguration configuration, bool isHostKeyAskedFor = HostKey.IsAskedFor)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var mode = ModeOf(configuration[ModeSetting]);
        var keys = KeysOf(configuration.GetSection(KeysSetting));
        switch (mode)
        {
            case AccessMode.ApiKeys when keys.Count == 0:
                throw new InvalidOperationException(
                    $"Setting {ModeSetting} is ApiKeys, but there is no key: set {KeysSetting}:Agent, {KeysSetting}:Analyst or {KeysSetting}:Operator, "
                    + "for example to the output of `openssl rand -hex 32`.");
            case not AccessMode.ApiKeys when keys.Count > 0:
                throw new InvalidOperationException(
                    $"Setting {KeysSetting} has keys, but {ModeSetting} is {mode}, which does not ask for them: set {ModeSetting} to ApiKeys, or remove the keys.");
            case AccessMode.AppService when !bool.TryParse(configuration[AppServiceAuthentication], out var on) || !on:
                throw new InvalidOperationException(
                    $"Setting {ModeSetting} is AppService, but App Service authentication is off ({AppServiceAuthentication} is not true), so anybody could "
                    + $"send its headers: turn it on, or set {ModeSetting} to FunctionKeys or ApiKeys.");
            case AccessMode.FunctionKeys when !isHostKeyAskedFor:
                throw new InvalidOperationException(
                    $"Setting {ModeSetting} is FunctionKeys, but this package was built with `clv publish --api anonymous`, for which the host asks nobody for a key: "
                    + $"set {ModeSetting} to AppService or ApiKeys, or deploy one without that option.");
            default:
                return new AccessOptions { Mode = mode, Keys = keys, RequestsPerMinute = LimitOf(configuration[LimitSetting]) };
        }
    }

    private static AccessMode ModeOf(string? text) => text?.ToUpperInvariant() switch
    {
        null or "" or "FUNCTIONKEYS" => AccessMode.FunctionKeys,
        "APPSERVICE" => AccessMode.AppService,
        "APIKEYS" => AccessMode.ApiKeys,
        _ => throw new InvalidOperationException($"Setting {ModeSetting} must be FunctionKeys, AppService or ApiKeys."),
    };

    private static Dictionary<string, Roles> KeysOf(IConfigurationSection section)
    {
        var keys = new Dictionary<string, Roles>(StringComparer.Ordinal);
        foreach (var role in section.GetChildren())
        {
            var setting = $"{KeysSetting}:{role.Key}";
            var found = role.Key.ToUpperInvariant() switch
            {
                "AGENT" => Roles.Agent,
                "ANALYST" => Roles.Analyst,
                "OPERATOR" => Roles.Operator,
                _ => throw new InvalidOperationException($"Setting {setting} names no role: the roles are Agent, Analyst and Operator."),
            };
            if (role.Value.IsUnresolved())
            {
                throw new InvalidOperationException($"Setting {setting} is a Key Vault reference that was not resolved: see that the secret is there and may be read.");
            }

            foreach (var key in (role.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (key.Length < ShortestKey || !key.All(static character => character is > ' ' and < '\u007f'))
                {
                    throw new InvalidOperationException(
                        $"Setting {setting} has a key that is shorter than {ShortestKey} characters or that a header cannot carry: "
                        + "take the output of `openssl rand -hex 32`, several separated by commas.");
                }

                keys[key] = keys.GetValueOrDefault(key) | found;
            }
        }

        return keys;
    }

    private static int LimitOf(string? text) => string.IsNullOrEmpty(text)
        ? 600
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var limit) && limit <= MostRequests
            ? limit
            : throw new InvalidOperationException($"Setting {LimitSetting} must be a whole number from 0 (no limit) to {MostRequests}.");
}
