namespace Clv.Core.Portfolio;

/// <summary>Exact quantiles by rank.</summary>
internal static class Quantile
{
    /// <summary>The least value that at least a share of all values do not exceed.</summary>
    /// <param name="ascending">The values, at least one, ascending.</param>
    /// <param name="share">The share, 0 to 1.</param>
    public static T Of<T>(ReadOnlySpan<T> ascending, double share) => ascending[Rank(share, ascending.Length) - 1];

    /// <summary>How many of a number of values a share is, rounded up, at least one and at most all.</summary>
    public static int Rank(double share, int count) =>
        // A share that is a whole number of values but for the last bit of the product is that number.
        Math.Clamp((int)Math.Ceiling((share * count) - 1e-9), 1, count);

    /// <summary>The middle value, or the mean of both.</summary>
    /// <param name="ascending">The values, at least one, ascending.</param>
    public static double Median(ReadOnlySpan<float> ascending) =>
        ((double)ascending[(ascending.Length - 1) / 2] + ascending[ascending.Length / 2]) / 2;
}
