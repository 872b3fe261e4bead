using System.Text.Json;
using Clv.Core.Extracts;
using Clv.Core.Relationship;
using static System.FormattableString;

namespace Clv.Core.Industry;

public sealed partial record IndustryProfile
{
    private const int MostDays = 3650;
    private const decimal MostMoney = 1_000_000_000m;

    private static readonly string[] ActionCodes =
        [.. Enum.GetNames<ActionKind>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>Reads a profile. Comments are allowed; unknown properties, and properties that are there twice, are not.</summary>
    /// <param name="utf8Json">The content of the file.</param>
    /// <exception cref="ExtractRefusedException">
    /// The JSON is broken, or a value is out of its range; the message names the property and the range.
    /// </exception>
    public static IndustryProfile Parse(ReadOnlySpan<byte> utf8Json)
    {
        var profile = StrictJson.Parse<IndustryProfile>(utf8Json, FileName, "a profile") ?? Default;
        profile.Check();
        return profile;
    }

    private void Check()
    {
        Require(
            !string.IsNullOrWhiteSpace(Name) && Name.Length <= SegmentLabels.MaxLength,
            "name",
            $"a name of at most {SegmentLabels.MaxLength} characters");
        Within("horizonWeeks", HorizonWeeks, 1, 1040);
        Within("discountRate", DiscountRate, 0, 1);
        Require(Currency is null || CurrencyCode.IsValid(Currency), "currency", "a three-letter code such as EUR");
        Require(Language is "en" or "de", "language", "en or de");
        Require(TimeUnit is "week" or "month" or "year", "timeUnit", "week, month or year");
        CheckMargins();
        CheckCosts();
        Within("contracts.productContracts", Contracts.ProductContracts, 1, int.MaxValue);
        CheckTiers();
        CheckPhases();
        CheckActions();
        Require(Acquisition.TargetRatio is > 0 and <= 1000, "acquisition.targetRatio", "a number above 0, at most 1000");
    }

    private void CheckMargins()
    {
        foreach (var (category, share) in Margins.Categories)
        {
            Require(
                !string.IsNullOrWhiteSpace(category) && category.Length <= SegmentLabels.MaxLength,
                "margins.categories",
                $"each category a name of at most {SegmentLabels.MaxLength} characters");
            Within($"margins.categories.{category}", share, -1, 1);
        }

        Within("margins.other", Margins.Other, -1, 1);
        Within("margins.contracts", Margins.Contracts, -1, 1);
    }

    private void CheckCosts()
    {
        foreach (var (name, cost) in (ReadOnlySpan<(string, decimal?)>)
            [
                ("serviceCall", Costs.ServiceCall), ("complaint", Costs.Complaint), ("campaignOpen", Costs.CampaignOpen),
                ("campaignClick", Costs.CampaignClick), ("social", Costs.Social), ("visit", Costs.Visit), ("return", Costs.Return),
            ])
        {
            Require(cost is null or (>= 0 and <= MostMoney), $"costs.{name}", Invariant($"an amount from 0 to {MostMoney}"));
        }

        Within("costs.capital", Costs.Capital, 0, 1);
    }

    private void CheckTiers()
    {
        Require(Tiers.Top is > 0 and <= 1, "tiers.top", "a share above 0, at most 1");
        Within("tiers.middle", Tiers.Middle, 0, 1);
        // Shares are written in decimals, whose doubles do not always add up to one.
        Require(Tiers.Top + Tiers.Middle <= 1 + 1e-9, "tiers.middle", "a share that with tiers.top is at most 1");
        Within("tiers.band", Tiers.Band, 0, 1);
    }

    private void CheckPhases()
    {
        Within("phases.newWeeks", Phases.NewWeeks, 0, 1040);
        Within("phases.atRisk", Phases.AtRisk, 0, 1);
        Within("phases.lapsed", Phases.Lapsed, 0, 1);
        Within("phases.lost", Phases.Lost, 0, 1);
        Require(Phases.Lapsed < Phases.AtRisk, "phases.lapsed", "a probability below phases.atRisk");
        Require(Phases.Lost < Phases.Lapsed, "phases.lost", "a probability below phases.lapsed");
        Within("phases.growing", Phases.Growing, 0, 100);
        Within("phases.band", Phases.Band, 0, 1);
        Require(
            Phases.AtRisk + Phases.Band <= 1 + 1e-9,
            "phases.band",
            "a distance that with phases.atRisk is at most 1, or nobody leaves the phase");
        Within("phases.nights", Phases.Nights, 1, 365);
    }

    private void CheckActions()
    {
        Within("actions.renewalLeadDays", Actions.RenewalLeadDays, 0, MostDays);
        Within("actions.welcomeDays", Actions.WelcomeDays, 0, MostDays);
        Within("actions.followUpDays", Actions.FollowUpDays, 0, MostDays);
        Within("actions.minimumLift", Actions.MinimumLift, 1, 1000);
        Within("actions.minimumSupport", Actions.MinimumSupport, 1, int.MaxValue);
        foreach (var (action, assumption) in Actions.Assumptions)
        {
            Require(ActionCodes.Contains(action), "actions.assumptions", $"for each action one of {string.Join(", ", ActionCodes)}");
            Require(assumption is not null, $"actions.assumptions.{action}", "a cost and, where it is known, an effect");
            Require(
                assumption!.Cost is > 0 and <= MostMoney,
                $"actions.assumptions.{action}.cost",
                Invariant($"an amount above 0, at most {MostMoney}"));
            Within($"actions.assumptions.{action}.effect", assumption.Effect, 0, 1);
        }
    }

    private static void Within(string property, double? value, double least, double most) =>
        Require(value is null || (value >= least && value <= most), property, Invariant($"a number from {least} to {most}"));

    private static void Require(bool holds, string property, string expected)
    {
        if (!holds)
        {
            throw StrictJson.Unusable(FileName, property, expected);
        }
    }
}
