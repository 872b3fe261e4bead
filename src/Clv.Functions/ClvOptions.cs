using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Clv.Functions;

/// <summary>The app's settings, read once at start and checked there; a missing or unusable one stops the app with a message that names it.</summary>
public sealed record ClvOptions
{
    /// <summary>Weeks of the future that count; 1 to 1,040.</summary>
    public required double HorizonWeeks { get; init; }

    /// <summary>Discount rate a year, effective; 0 to 1.</summary>
    public required double DiscountRate { get; init; }

    /// <summary>How many partitions the customers are spread over; 1 to 4,096. Fixed until the next snapshot.</summary>
    public required int Partitions { get; init; }

    /// <summary>The models see every customer up to this number, and a reproducible sample of about this size above it.</summary>
    public required long FitCustomers { get; init; }

    /// <summary>Weeks at the end of the observation window that the models are tested on; 0 to 260, 0 for no test.</summary>
    public required int BacktestWeeks { get; init; }

    /// <summary>
    /// The least share of the last published run's customers that a run must have to be published: a snapshot that was cut short on its way
    /// has fewer. 0 to 1; 0 publishes any.
    /// </summary>
    public required double MinimumCustomerShare { get; init; }

    /// <summary>The time zone whose calendar decides which extract folder is tonight's.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>The secret of the customer keys. Never logged, never in an error.</summary>
    public required ReadOnlyMemory<byte> HashKey { get; init; }

    /// <summary>
    /// Tells one hash key from another without giving it away: runs remember it, so that a changed key is noticed instead of making every
    /// customer unknown.
    /// </summary>
    public string HashKeyFingerprint =>
        Convert.ToHexStringLower(HMACSHA256.HashData(HashKey.Span, "fingerprint of the hash key"u8).AsSpan(0, 8));

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or unusable; the message names it.</exception>
    public static ClvOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Clv");
        return new ClvOptions
        {
            HorizonWeeks = Number(section, "HorizonWeeks", 52.0, 1, 1040),
            DiscountRate = Number(section, "DiscountRate", 0.10, 0, 1),
            Partitions = Number(section, "Partitions", 64, 1, 4096),
            FitCustomers = Number(section, "FitCustomers", 5_000_000L, 1_000, 1_000_000_000),
            BacktestWeeks = Number(section, "BacktestWeeks", 26, 0, 260),
            MinimumCustomerShare = Number(section, "MinimumCustomerShare", 0.5, 0, 1),
            TimeZone = Zone(section["TimeZone"] ?? "UTC"),
            HashKey = Secret(section["HashKey"]),
        };
    }

    private static T Number<T>(IConfigurationSection section, string name, T otherwise, T min, T max)
        where T : INumber<T>
    {
        var text = section[name];
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        // No group separators: 52,0 is refused instead of being read as 520.
        return T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new InvalidOperationException(
                $"Setting Clv:{name} must be a {(typeof(T) == typeof(double) ? "number" : "whole number")} from {min} to {max}.");
    }

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        ? zone
        : throw new InvalidOperationException("Setting Clv:TimeZone must be an IANA time zone such as Europe/Berlin (is tzdata installed?).");

    private static byte[] Secret(string? key) => key is { Length: >= 32 }
        ? Encoding.UTF8.GetBytes(key)
        : throw new InvalidOperationException(
            "Setting Clv:HashKey is missing or shorter than 32 characters. It keeps customer ids pseudonymous: set it to a long random text, "
            + "for example from `openssl rand -hex 32`, and keep it; a new key makes every stored customer unfindable.");
}
