using System.Globalization;
using Clv.Core.History;

namespace Clv.Core.Portfolio;

/// <summary>When somebody became a customer.</summary>
internal static class Cohort
{
    /// <summary>
    /// The quarter of <see cref="CustomerFacts.Start"/>, such as <c>2024-Q3</c>, without one of the acquisition; empty without any.
    /// </summary>
    public static string Of(CustomerFacts facts)
    {
        if ((facts.Start ?? facts.Profile?.AcquiredOn) is not { } number)
        {
            return "";
        }

        var day = DateOnly.FromDayNumber(number);
        return string.Create(CultureInfo.InvariantCulture, $"{day.Year:D4}-Q{((day.Month - 1) / 3) + 1}");
    }
}
