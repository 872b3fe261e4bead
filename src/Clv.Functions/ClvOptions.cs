using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Clv.Core.Callers;

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

    /// <summary>What a run may differ by from the last published one without somebody looking at it.</summary>
    public required GateLimits Gate { get; init; }

    /// <summary>How many published runs are kept whole, so that they can be rolled back to; 2 to 1,000.</summary>
    public required int RetainedRuns { get; init; }

    /// <summary>How many days the audit is kept; 1 to 3,650.</summary>
    public required int AuditDays { get; init; }

    /// <summary>Minutes without any progress after which units of a run that never finished are queued again; 1 to 1,440.</summary>
    public required int StuckMinutes { get; init; }

    /// <summary>Hours after which scores that lookups are served from are told to be late; 1 to 8,760.</summary>
    public required double LateHours { get; init; }

    /// <summary>Whether each night writes its scores as files for analysts beside the tables.</summary>
    public required bool ExportScores { get; init; }

    /// <summary>
    /// The ISO 3166 code of the country whose dialling rules apply to phone numbers without an international prefix, such as DE; null when only
    /// international numbers are understood. As with the hash key, numbers that are stored were read with the one that was set then.
    /// </summary>
    public required string? PhoneRegion { get; init; }

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
            Gate = new GateLimits
            {
                MinimumCustomerShare = Number(section, "MinimumCustomerShare", 0.5, 0, 1),
                MaximumCustomerShare = Number(section, "MaximumCustomerShare", 2.0, 1, 1e9),
                MaximumGoneShare = Number(section, "MaximumGoneShare", 0.5, 0, 1),
                MaximumValueChange = Number(section, "MaximumValueChange", 0.5, 0, 1e9),
                MaximumQuarantineShare = Number(section, "MaximumQuarantineShare", 0.1, 0, 1),
                MaximumErasedShare = Number(section, "MaximumErasedShare", 0.1, 0, 1),
                MaximumModelAgeDays = Number(section, "MaximumModelAgeDays", 30, 0, 3650),
            },
            RetainedRuns = Number(section, "RetainedRuns", 7, 2, 1_000),
            AuditDays = Number(section, "AuditDays", 365, 1, 3_650),
            StuckMinutes = Number(section, "StuckMinutes", 30, 1, 1_440),
            LateHours = Number(section, "LateHours", 26.0, 1, 8_760),
            ExportScores = Switch(section, "ExportScores", otherwise: true),
            PhoneRegion = Region(section["PhoneRegion"]),
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

    private static bool Switch(IConfigurationSection section, string name, bool otherwise) => section[name] switch
    {
        null or "" => otherwise,
        { } text when bool.TryParse(text, out var on) => on,
        _ => throw new InvalidOperationException($"Setting Clv:{name} must be true or false."),
    };

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        ? zone
        : throw new InvalidOperationException("Setting Clv:TimeZone must be an IANA time zone such as Europe/Berlin (is tzdata installed?).");

    private static string? Region(string? code) => code switch
    {
        null or "" => null,
        _ when PhoneFormat.Knows(code) => code,
        _ => throw new InvalidOperationException("Setting Clv:PhoneRegion must be a country's two-letter code in capitals, such as DE or GB, or empty."),
    };

    // The sample's text is known to everybody, and so is a Key Vault reference, which is what the platform leaves where it finds no secret.
    private static byte[] Secret(string? key) => key is { Length: >= 32 } && !key.StartsWith("replace-me", StringComparison.Ordinal) && !key.IsUnresolved()
        ? Encoding.UTF8.GetBytes(key)
        : throw new InvalidOperationException(
            "Setting Clv:HashKey is missing, shorter than 32 characters, that of the sample or a Key Vault reference that was not resolved. It keeps customer ids pseudonymous: set it to a long random text, "
            + "for example from `openssl rand -hex 32`, and keep it; a new key makes every stored customer unfindable.");
}
