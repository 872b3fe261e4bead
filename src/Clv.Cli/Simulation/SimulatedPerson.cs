using Clv.Core.History;

namespace Clv.Cli.Simulation;

/// <summary>Somebody of the simulated world and all that they did by its last day. Days are as in <see cref="DateOnly.DayNumber"/>.</summary>
internal sealed record SimulatedPerson
{
    /// <summary>The id, from 1 in the order in which people became known.</summary>
    public required int Id { get; init; }

    /// <summary>What the person is like.</summary>
    public required Traits Traits { get; init; }

    /// <summary>The day since which the CRM knows the person.</summary>
    public required int KnownOn { get; init; }

    /// <summary>The day on which the CRM takes the person for lost; null for never.</summary>
    public int? LostOn { get; init; }

    /// <summary>Rows of purchases and returns, by day.</summary>
    public required IReadOnlyList<SimulatedSale> Sales { get; init; }

    /// <summary>Contracts, with their cancellation even where it is after the last day.</summary>
    public required IReadOnlyList<Contract> Contracts { get; init; }

    /// <summary>Contacts, by day.</summary>
    public required IReadOnlyList<Interaction> Contacts { get; init; }

    /// <summary>Whether the person has bought by the end of a day.</summary>
    public bool HasBought(int day) => Sales.Count > 0 && Sales[0].Day <= day;
}

/// <summary>What a person is like, which does not change.</summary>
internal sealed record Traits
{
    /// <summary>The group.</summary>
    public required Segment Segment { get; init; }

    /// <summary>How they were won, or would be.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Where they are.</summary>
    public required Region Region { get; init; }

    /// <summary>What they like most.</summary>
    public required string Taste { get; init; }

    /// <summary>Whether they call often and send much back.</summary>
    public bool IsDemanding { get; init; }

    /// <summary>Whether they sell on much of what they buy, at prices agreed with them long ago on which the firm now loses.</summary>
    public bool IsReseller { get; init; }

    /// <summary>By how much the logarithm of their purchase rate grows a year, for three years.</summary>
    public double Growth { get; init; }

    /// <summary>What winning them cost in euros; null when nobody knows.</summary>
    public decimal? AcquisitionCost { get; init; }

    /// <summary>How late they pay; null when nobody knows.</summary>
    public int? PaymentDelayDays { get; init; }

    /// <summary>Whether they agreed to be approached; null when they were not asked.</summary>
    public bool? Consent { get; init; }

    /// <summary>Answers to the net promoter question, by year since the first purchase; empty for somebody who never answers.</summary>
    public IReadOnlyList<int> Nps { get; init; } = [];

    /// <summary>The answer that stands so many days after the first purchase; null without one.</summary>
    public int? NpsAfter(int days) => Nps.Count == 0 || days < 0 ? null : Nps[Math.Min(days / CustomerSummary.YearDays, Nps.Count - 1)];
}

/// <summary>A row of a purchase or a return.</summary>
/// <param name="Id">What makes it unique.</param>
/// <param name="Day">When.</param>
/// <param name="Amount">In the currency of the person's region; negative is a return.</param>
/// <param name="Margin">Its contribution margin; null when it is not known.</param>
/// <param name="Category">What was bought; null when it is not known.</param>
/// <param name="Channel">Where it was sold.</param>
internal sealed record SimulatedSale(string Id, int Day, decimal Amount, decimal? Margin, string? Category, string Channel);
