using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>What is sold, and what goes with what.</summary>
internal static class Goods
{
    private const double OfTaste = 6;
    private const double OfOwned = 8;
    private const double OfDurableOwned = 0.1;

    /// <summary>The categories. Supplies are mostly bought by those who own the durable that they are for.</summary>
    public static IReadOnlyList<Category> Categories { get; } =
    [
        new("Coffee machines", "coffee", Price: 4.5, Margin: 0.25, Weight: 1),
        new("Coffee beans", "coffee", Price: 1.2, Margin: 0.40, Weight: 1, GoesWith: "Coffee machines"),
        new("Filters", "coffee", Price: 0.7, Margin: 0.55, Weight: 0.6, GoesWith: "Coffee machines"),
        new("Printers", "office", Price: 4.2, Margin: 0.18, Weight: 1),
        new("Toner", "office", Price: 1.9, Margin: 0.35, Weight: 0.8, GoesWith: "Printers"),
        new("Paper", "office", Price: 0.8, Margin: 0.30, Weight: 1, GoesWith: "Printers"),
        new("Lighting", "home", Price: 2, Margin: 0.42, Weight: 0.8),
        new("Office chairs", "home", Price: 5, Margin: 0.38, Weight: 0.4),
    ];

    /// <summary>What somebody likes most.</summary>
    public static string Taste(SeededRandom random) => Market.Pick(random, ["coffee", "office", "home"], static _ => 1);

    /// <summary>The category that somebody buys next.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="taste">What they like most.</param>
    /// <param name="owned">The names of the categories that they have bought.</param>
    public static Category Next(SeededRandom random, string taste, HashSet<string> owned) => Market.Pick(
        random,
        Categories,
        category => category.Weight
            * (category.Group == taste ? OfTaste : 1)
            * (category.GoesWith is { } durable ? (owned.Contains(durable) ? OfOwned : 1) : owned.Contains(category.Name) ? OfDurableOwned : 1));
}

/// <summary>A category of goods.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">The taste that it is to.</param>
/// <param name="Price">What amounts are multiplied by.</param>
/// <param name="Margin">The contribution margin as a share of the amount.</param>
/// <param name="Weight">How often it is bought, compared with the others.</param>
/// <param name="GoesWith">The durable that it is a supply for; null for none.</param>
internal sealed record Category(string Name, string Group, double Price, double Margin, double Weight, string? GoesWith = null);
