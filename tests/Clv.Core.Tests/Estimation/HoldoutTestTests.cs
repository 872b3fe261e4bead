using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Core.Tests.Estimation;

public sealed class HoldoutTestTests
{
    private const int Cutoff = 400;
    private const int Tail = 70;

    // The Poisson model expects rate times weeks of everybody: 5 occasions in 10 weeks.
    [Fact]
    public void Run_CustomersOfKnownOutcome_MeasuresByHandAndByFrequency()
    {
        CustomerSummary[] customers = [Customer(before: 1, after: 1), Customer(before: 9, after: 6), Customer(before: 12, after: 3), Customer(before: 3, after: 0), Customer(before: 0, after: 2)];

        var scores = HoldoutTest.Run(TransactionModels.Simplest, new Poisson(0.5), spend: null, customers, Tail / 7.0, threads: 2);

        Assert.Equal([TransactionModels.Simplest.Id, "last-year-again", "average-times-retention"], scores.Select(static s => s.Forecast));
        var score = scores[0];
        // Nobody can forecast the one who was not a customer yet.
        Assert.Equal((4, 10.0), (score.Customers, score.ActualOccasions));
        Assert.Equal(20, score.PredictedOccasions, 1e-12);
        Assert.Equal((4 + 1 + 2 + 5) / 4.0, score.MeanAbsoluteError, 1e-12);
        Assert.Equal(Math.Sqrt((16 + 1 + 4 + 25) / 4.0), score.RootMeanSquaredError, 1e-12);
        Assert.Equal(
            [(0, 1L, 1.0), (2, 1L, 0.0), (7, 2L, 4.5)], score.Frequencies.Select(static f => (f.Frequency, f.Customers, f.Actual)));
        Assert.All(score.Frequencies, static f => Assert.Equal(5, f.Predicted, 1e-12));
    }

    private static CustomerSummary Customer(int before, int after)
    {
        int[] days = [.. Enumerable.Range(0, before).Select(static i => 10 * (i + 1)), .. Enumerable.Range(0, after).Select(static i => Cutoff + 1 + i)];
        return CustomerSummary.Of(days, [.. days.Select(static _ => 1_000_000L)], [], Cutoff + Tail, Tail);
    }
}
