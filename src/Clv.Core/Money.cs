namespace Clv.Core;

/// <summary>
/// Money in the reporting currency as a whole number of millionths, so that sums are exact and do not depend on the order of their parts.
/// </summary>
/// <param name="Micros">The amount times 1,000,000. A row's amount fits 64 bits (up to 9.2 trillion); sums have 128.</param>
public readonly record struct Money(Int128 Micros)
{
    /// <summary>Millionths in one unit of the currency.</summary>
    public const long Scale = 1_000_000;

    /// <summary>The amount as a decimal, exact up to 7.9e22.</summary>
    /// <exception cref="OverflowException">The sum is beyond the range of a decimal.</exception>
    public decimal ToDecimal() => (decimal)Micros / Scale;

    /// <summary>The nearest double, for statistics.</summary>
    public double ToDouble() => (double)Micros / Scale;

    /// <summary>The exact sum.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Micros + right.Micros));

    /// <summary>The exact sum.</summary>
    public Money Add(Money other) => this + other;
}
