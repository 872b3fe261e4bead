namespace Clv.Core.Relationship;

/// <summary>Figures as they are told: rounded half to even.</summary>
internal static class Figure
{
    /// <summary>Money in cents.</summary>
    public static decimal Cents(decimal money) => decimal.Round(money, 2, MidpointRounding.ToEven);

    /// <summary>A share or ratio to four decimals.</summary>
    public static decimal Share(double share) => decimal.Round((decimal)share, 4, MidpointRounding.ToEven);
}
