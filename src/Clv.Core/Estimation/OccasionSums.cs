using System.Runtime.InteropServices;

namespace Clv.Core.Estimation;

/// <summary>
/// All that a regression of customers' occasions on their expectations needs to know of customers who are alike. Exact, so that the sums do not
/// depend on the order of the customers: expectations are whole numbers of 2^-30.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal record struct OccasionSums
{
    private const double Scale = 1L << 30;

    private Int128 _expected;
    private Int128 _expectedSquared;
    private Int128 _occasionsTimesExpected;
    private Int128 _occasionsSquared;

    /// <summary>How many customers.</summary>
    public long Customers { get; private set; }

    /// <summary>Their occasions.</summary>
    public long Occasions { get; private set; }

    /// <summary>Their expected occasions.</summary>
    public readonly double Expected => (double)_expected / Scale;

    /// <summary>Adds a customer.</summary>
    public void Add(int occasions, double expected)
    {
        var scaled = (Int128)Math.Round(expected * Scale);
        Customers++;
        Occasions += occasions;
        _expected += scaled;
        _expectedSquared += scaled * scaled;
        _occasionsTimesExpected += scaled * occasions;
        _occasionsSquared += (Int128)occasions * occasions;
    }

    /// <summary>The sum over the customers of (<paramref name="a"/> occasions - <paramref name="b"/> expected occasions) squared.</summary>
    public readonly double Squares(double a, double b) =>
        (a * a * (double)_occasionsSquared)
        - (2 * a * b * (double)_occasionsTimesExpected / Scale)
        + (b * b * (double)_expectedSquared / (Scale * Scale));

    /// <summary>The sums over both.</summary>
    public static OccasionSums operator +(OccasionSums left, OccasionSums right) => new()
    {
        Customers = left.Customers + right.Customers,
        Occasions = left.Occasions + right.Occasions,
        _expected = left._expected + right._expected,
        _expectedSquared = left._expectedSquared + right._expectedSquared,
        _occasionsTimesExpected = left._occasionsTimesExpected + right._occasionsTimesExpected,
        _occasionsSquared = left._occasionsSquared + right._occasionsSquared,
    };
}
