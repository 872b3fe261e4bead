namespace Clv.Core.Extracts;

/// <summary>What the rows of a delivery must satisfy beyond their format, and the rates at which their money is converted.</summary>
/// <param name="LastDay">The last day of the observation window (<see cref="DateOnly.DayNumber"/>); later rows are quarantined.</param>
/// <param name="NeedsTransactionId">Whether a transaction without an id is quarantined, as in a delta. Of no other row.</param>
/// <param name="Rates">Rates to the reporting currency; null where there are none, and rows in other currencies are quarantined.</param>
/// <param name="PhoneRegion">The country whose dialling rules apply to numbers without an international prefix; null for none (<see cref="Callers.PhoneFormat"/>).</param>
public readonly record struct ExtractRules(int LastDay, bool NeedsTransactionId, RateTable? Rates = null, string? PhoneRegion = null)
{
    /// <summary>Any day, with or without an id, in the reporting currency.</summary>
    public static ExtractRules Any { get; } = new(int.MaxValue, NeedsTransactionId: false);
}
