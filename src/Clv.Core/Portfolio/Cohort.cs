using System.Globalization;
using Clv.Core.History;

namespace Clv.Core.Portfolio;

/// <summary>When somebody became a customer.</summary>
internal static class Cohort
{
    /// <summary>The day of the first purchase, without one of the first contract; null without either.</summary>
    public static int? Start(CustomerFacts facts) =>
        facts.Purchases.Whole is { HasPurchase: true } summary ? summary.FirstDay
        : facts.Contracts.Count > 0 ? facts.Contracts.Min(contract => contract.StartedOn)
        : null;

    /// <summary>The quarter of that day, such as <c>2024-Q3</c>, without one of the acquisition; empty without any.</summary>
    public static string Of(CustomerFacts facts)
    {
        if ((Start(facts) ?? facts.Profile?.AcquiredOn) is not { } number)
        {
            return "";
        }

        var day = DateOnly.FromDayNumber(number);
        return string.Create(CultureInfo.InvariantCulture, $"{day.Year:D4}-Q{((day.Month - 1) / 3) + 1}");
    }
}
