namespace Clv.Core.Valuation;

/// <summary>An expected amount and its interval.</summary>
/// <param name="Expected">The expectation.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
internal sealed record FutureRange(double Expected, double Low, double High)
{
    /// <summary>Nothing, for certain.</summary>
    public static FutureRange Nothing { get; } = new(0, 0, 0);

    /// <summary>
    /// The sum of two independent amounts: the distances of the ends from the expectation are added as variances are, and no end lies beyond
    /// the sum of the parts'. Exact where one of them is certain.
    /// </summary>
    public FutureRange Plus(FutureRange other)
    {
        var (least, most, expected) = (Low + other.Low, High + other.High, Expected + other.Expected);
        var below = Math.Sqrt(Square(Expected - Low) + Square(other.Expected - other.Low));
        var above = Math.Sqrt(Square(High - Expected) + Square(other.High - other.Expected));
        return new FutureRange(expected, Math.Clamp(expected - below, least, most), Math.Clamp(expected + above, least, most));
    }

    /// <summary>An end on the wrong side of the expectation is no spread.</summary>
    private static double Square(double distance) => Math.Pow(Math.Max(0, distance), 2);
}
