using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>Simulated customer bases.</summary>
internal static class Simulated
{
    /// <summary>The CDNOW estimates.</summary>
    public static readonly BgNbd Buying = new(0.2426, 4.4136, 0.7929, 2.4259);

    /// <summary>The CDNOW estimates.</summary>
    public static readonly GammaGamma Spending = new(6.25, 3.74, 15.44);

    public static (GroupedHistories Histories, GroupedSpend Spend) Customers(int count, ulong seed, BgNbd? model = null)
    {
        var random = new SeededRandom(seed);
        var buying = new DaySimulator((model ?? Buying).Simulator(random), random);
        var spending = new GammaGammaSimulator(Spending, random);
        var histories = new HistoryGrouper();
        var spend = new SpendGrouper();
        for (var i = 0; i < count; i++)
        {
            var age = 200 + random.NextInt(400);
            var days = buying.NextCustomer(age);
            histories.Add(days.Length, days.IsEmpty ? 0 : days[^1], age);
            if (!days.IsEmpty)
            {
                spending.NextCustomer();
                var total = 0.0;
                for (var occasion = 0; occasion < days.Length; occasion++)
                {
                    total += spending.NextValue();
                }

                spend.Add(days.Length, total / days.Length);
            }
        }

        return (histories.Build(), spend.Build());
    }

    /// <summary>Customers aged 200 to 599 days, in whole days; with the logarithms of their gaps if they are to be tested for regularity.</summary>
    public static GroupedHistories Histories(ITransactionModel model, int count, ulong seed, bool regular = false)
    {
        var random = new SeededRandom(seed);
        var buying = new DaySimulator(model.Simulator(random), random);
        var histories = new HistoryGrouper();
        for (var i = 0; i < count; i++)
        {
            var age = 200 + random.NextInt(400);
            var days = buying.NextCustomer(age);
            var (last, gaps) = (0, 0.0);
            foreach (var day in days)
            {
                gaps += Math.Log((day - last) / 7.0);
                last = day;
            }

            histories.Add(days.Length, last, age, logGaps: regular ? gaps : null);
        }

        return histories.Build();
    }
}
