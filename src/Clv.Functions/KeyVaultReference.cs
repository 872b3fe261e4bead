namespace Clv.Functions;

/// <summary>A setting that says where its secret is.</summary>
internal static class KeyVaultReference
{
    /// <summary>
    /// Whether a setting's text still is the reference: App Service hands that on where it cannot put the secret in its place, and anybody who may read
    /// the template knows it.
    /// </summary>
    public static bool IsUnresolved(this string? setting) => setting?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true;
}
