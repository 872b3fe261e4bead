using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>Where simulated customers come from, and what is true of them for it.</summary>
internal static class Market
{
    /// <summary>
    /// How often an ordinary customer buys, a week, and when they leave, per purchase. They differ less than those of a plain set: most of what
    /// tells them apart is segment, channel and behaviour.
    /// </summary>
    public static BgNbd Buying { get; } = new(r: 1.5, alpha: 21, a: 0.9, b: 14.5);

    /// <summary>What an ordinary customer spends on an ordinary category, in euros.</summary>
    public static GammaGamma Spend { get; } = SimulatedPopulation.Spend;

    /// <summary>The groups of customers, with the share of people in each.</summary>
    public static IReadOnlyList<Segment> Segments { get; } =
        [new("Private", 0.75, Rate: 1, Spend: 1), new("Business", 0.25, Rate: 1.3, Spend: 2.5)];

    /// <summary>How people are won. Who comes from social ads costs more than they bring, the more so as few of them conclude contracts.</summary>
    public static IReadOnlyList<Channel> Channels { get; } =
    [
        new("search", Private: 0.36, Business: 0.28, Cost: 30, Rate: 1, Spend: 1, Leaving: 1, Contracts: 1),
        new("referral", Private: 0.20, Business: 0.24, Cost: 10, Rate: 1.3, Spend: 1.2, Leaving: 0.6, Contracts: 1.2),
        new("marketplace", Private: 0.24, Business: 0.12, Cost: 20, Rate: 0.9, Spend: 0.8, Leaving: 1.3, Contracts: 0.8),
        new("trade fair", Private: 0.02, Business: 0.31, Cost: 160, Rate: 1.2, Spend: 1.5, Leaving: 0.7, Contracts: 1.2),
        new("social ads", Private: 0.18, Business: 0.05, Cost: 170, Rate: 0.6, Spend: 0.6, Leaving: 2.5, Contracts: 0.2),
    ];

    /// <summary>Where people are, with their share and what they pay in; null is the reporting currency.</summary>
    public static IReadOnlyList<Region> Regions { get; } =
    [
        new("North", 0.20, null), new("South", 0.23, null), new("East", 0.15, null), new("West", 0.24, null), new("Austria", 0.08, null),
        new("Switzerland", 0.05, "CHF"), new("Great Britain", 0.02, "GBP"), new("United States", 0.03, "USD"),
    ];

    /// <summary>The contracts that are offered. Renewal follows a shifted beta-geometric model: a and b are its true parameters.</summary>
    public static IReadOnlyList<Product> Products { get; } =
    [
        new("Maintenance", TermMonths: 12, Fee: 240, Private: 0.15, Business: 0.50, A: 1.0, B: 3.5),
        new("Coffee subscription", TermMonths: 1, Fee: 29, Private: 0.20, Business: 0.20, A: 1.0, B: 14),
        new("Toner service", TermMonths: 3, Fee: 75, Private: 0.10, Business: 0.35, A: 0.8, B: 6),
    ];

    /// <summary>Takes one of several by weights.</summary>
    public static T Pick<T>(SeededRandom random, IReadOnlyList<T> of, Func<T, double> weight)
    {
        var rest = random.NextDouble() * of.Sum(weight);
        foreach (var item in of)
        {
            if ((rest -= weight(item)) < 0)
            {
                return item;
            }
        }

        return of[^1];
    }
}

/// <summary>A group of customers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Share">Its share of people.</param>
/// <param name="Rate">What purchase rates are multiplied by.</param>
/// <param name="Spend">What amounts are multiplied by.</param>
internal sealed record Segment(string Name, double Share, double Rate, double Spend)
{
    /// <summary>Whether these are firms.</summary>
    public bool IsBusiness => Name == "Business";
}

/// <summary>A way of winning customers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Private">Its share of private customers.</param>
/// <param name="Business">Its share of business customers.</param>
/// <param name="Cost">What a customer costs on average, in euros.</param>
/// <param name="Rate">What purchase rates are multiplied by.</param>
/// <param name="Spend">What amounts are multiplied by.</param>
/// <param name="Leaving">What the chance of leaving after a purchase is multiplied by.</param>
/// <param name="Contracts">What the share of customers who conclude a contract is multiplied by.</param>
internal sealed record Channel(string Name, double Private, double Business, double Cost, double Rate, double Spend, double Leaving, double Contracts);

/// <summary>Where customers are.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Share">Its share of people.</param>
/// <param name="Currency">What they pay in; null for the reporting currency.</param>
internal sealed record Region(string Name, double Share, string? Currency);

/// <summary>A kind of contract.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TermMonths">Months of a term.</param>
/// <param name="Fee">The lowest fee of a term, in euros.</param>
/// <param name="Private">The share of private customers who conclude one.</param>
/// <param name="Business">The share of business customers who do.</param>
/// <param name="A">First parameter of the chance of not renewing.</param>
/// <param name="B">Second parameter.</param>
internal sealed record Product(string Name, int TermMonths, int Fee, double Private, double Business, double A, double B);
