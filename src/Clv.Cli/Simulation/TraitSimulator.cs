using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>Draws what people are like.</summary>
internal static class TraitSimulator
{
    private const int YearsOfAnswers = 12;
    private const double Demanding = 0.04;
    private const double Growing = 0.10;
    private const double Reselling = 0.02;

    // The same in all groups: of late payment, nothing follows for purchases.
    private const double Late = 0.3;

    /// <summary>Draws a person's traits.</summary>
    public static Traits Simulate(SeededRandom random)
    {
        var segment = Market.Pick(random, Market.Segments, static s => s.Share);
        var channel = Market.Pick(random, Market.Channels, c => segment.IsBusiness ? c.Business : c.Private);
        return new Traits
        {
            Segment = segment,
            Channel = channel,
            Region = Market.Pick(random, Market.Regions, static r => r.Share),
            Taste = Goods.Taste(random),
            IsDemanding = random.NextDouble() < Demanding,
            Growth = random.NextDouble() < Growing ? 0.3 : 0,
            AcquisitionCost = Known(random, 0.95) ? Math.Round((decimal)(channel.Cost * random.NextGamma(8) / 8), 2) : null,
            PaymentDelayDays = Known(random, 0.9) ? (random.NextDouble() < Late ? 1 + (int)(18 * random.NextExponential()) : 0) : null,
            Consent = Known(random, 0.92) ? random.NextDouble() < 0.8 : null,
            Nps = Known(random, 0.75) ? Answers(random) : [],
            IsReseller = random.NextDouble() < Reselling,
        };
    }

    private static bool Known(SeededRandom random, double share) => random.NextDouble() < share;

    private static int[] Answers(SeededRandom random)
    {
        var usual = 7.3 + random.NextNormal();
        var answers = new int[YearsOfAnswers];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = (int)Math.Clamp(Math.Round(usual + (2 * random.NextNormal())), 0, 10);
        }

        return answers;
    }
}
