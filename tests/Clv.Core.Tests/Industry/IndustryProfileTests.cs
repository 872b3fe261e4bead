using System.Text;
using Clv.Core.Extracts;
using Clv.Core.Industry;

namespace Clv.Core.Tests.Industry;

public class IndustryProfileTests
{
    [Fact]
    public void Parse_EveryProperty_IsRead()
    {
        var profile = Parse(
            """
            {
              // ours
              "name": "shop", "horizonWeeks": 104, "discountRate": 0.1, "currency": "EUR", "language": "de", "timeUnit": "week",
              "margins": { "categories": { "Bücher": 0.3, "Loss leaders": -0.1 }, "other": 0.2, "contracts": 0.7 },
              "costs": { "serviceCall": 5.5, "complaint": 16, "campaignOpen": 0.015, "campaignClick": 0.35, "social": 1, "visit": 0, "return": 8.9, "capital": 0.06 },
              "contracts": { "feesInTransactions": true, "productContracts": 50 },
              "tiers": { "top": 0.1, "middle": 0.9, "band": 0.01 },
              "phases": { "newWeeks": 8, "atRisk": 0.7, "lapsed": 0.4, "lost": 0.2, "growing": 0.3, "band": 0.3, "nights": 4 },
              "actions": { "renewalLeadDays": 90, "welcomeDays": 7, "followUpDays": 5, "minimumLift": 2, "minimumSupport": 9,
                "assumptions": { "winBack": { "cost": 2.5, "effect": 0.05 }, "reward": { "cost": 7 } } },
              "acquisition": { "targetRatio": 2.5 },
            }
            """);

        Assert.Equal(("shop", 104d, .1, "EUR", "de", "week"), (profile.Name, profile.HorizonWeeks, profile.DiscountRate, profile.Currency, profile.Language, profile.TimeUnit));
        Assert.Equal([("Bücher", .3), ("Loss leaders", -.1)], profile.Margins.Categories.Select(static c => (c.Key, c.Value)));
        Assert.Equal((.2, .7), (profile.Margins.Other, profile.Margins.Contracts));
        Assert.Equal(
            new CostRates { ServiceCall = 5.5m, Complaint = 16, CampaignOpen = .015m, CampaignClick = .35m, Social = 1, Visit = 0, Return = 8.9m, Capital = .06 },
            profile.Costs);
        Assert.Equal(new ContractTerms { FeesInTransactions = true, ProductContracts = 50 }, profile.Contracts);
        Assert.Equal(new TierShares { Top = .1, Middle = .9, Band = .01 }, profile.Tiers);
        Assert.Equal(new PhaseThresholds { NewWeeks = 8, AtRisk = .7, Lapsed = .4, Lost = .2, Growing = .3, Band = .3, Nights = 4 }, profile.Phases);
        Assert.Equal((90, 7, 5, 2d, 9), (profile.Actions.RenewalLeadDays, profile.Actions.WelcomeDays, profile.Actions.FollowUpDays, profile.Actions.MinimumLift, profile.Actions.MinimumSupport));
        Assert.Equal(new ActionAssumption(2.5m, .05), profile.Actions.Assumptions["winBack"]);
        Assert.Equal(new ActionAssumption(7), profile.Actions.Assumptions["reward"]);
        Assert.Equal(2.5, profile.Acquisition.TargetRatio);
    }

    [Fact]
    public void Parse_NothingStated_IsTheDefault()
    {
        Assert.Same(IndustryProfile.Default, IndustryProfile.Parse("\uFEFFnull"u8));
        var profile = Parse("{}");

        Assert.Equal((null, null, null), (profile.HorizonWeeks, profile.DiscountRate, profile.Currency));
        Assert.Empty(profile.Margins.Categories);
        Assert.Empty(profile.Actions.Assumptions);
        Assert.Equal(new CostRates(), profile.Costs);
        Assert.Equal(IndustryProfile.Default.Phases, profile.Phases);
    }

    [Theory]
    [InlineData("", 1, "JSON")]
    [InlineData("[]", 1, "JSON")]
    [InlineData("{\n \"colour\": 1 }", 2, "'colour'")]
    [InlineData("{ \"costs\": {\n \"serviceCalls\": 1 } }", 2, "'serviceCalls'")]
    [InlineData("{ \"costs\": null }", 1, "'costs'")]
    [InlineData("{ \"costs\": { \"visit\": \"5\" } }", 1, "costs.visit")]
    [InlineData("{ \"discountRate\": \"NaN\" }", 1, "discountRate")]
    [InlineData("{ \"discountRate\": NaN }", 1, "'N'")]
    [InlineData("{ \"costs\": { \"visit\": 1e99 } }", 1, "costs.visit")]
    [InlineData("{ \"name\": \"a\",\n \"name\": \"b\" }", 2, "name")]
    [InlineData("{ \"margins\": { \"categories\": { \"a\": 0.1,\n \"a\": 0.2 } } }", 2, "Duplicate")]
    [InlineData("{ \"margins\": { \"categories\": { \"a\": null } } }", 1, "margins.categories.a")]
    [InlineData("{ \"phases\": { \"nights\": 1.5 } }", 1, "phases.nights")]
    [InlineData("{ \"actions\": { \"assumptions\": { \"winBack\": { \"effect\": 0.1 } } } }", 1, "'cost'")]
    [InlineData("{ \"actions\": { \"assumptions\": { \"winBack\": { \"cost\": 1, \"efect\": 0.1 } } } }", 1, "'efect'")]
    public void Parse_BrokenProfile_IsRefusedWithFileLineAndProperty(string json, int line, string property)
    {
        var refused = Assert.Throws<ExtractRefusedException>(() => Parse(json));

        Assert.StartsWith($"profile.json, line {line}: not a profile: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(property, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "\" \"", "a name of at most 100 characters")]
    [InlineData("horizonWeeks", "0.5", "a number from 1 to 1040")]
    [InlineData("horizonWeeks", "1041", "a number from 1 to 1040")]
    [InlineData("horizonWeeks", "1e999", "a number from 1 to 1040")]
    [InlineData("discountRate", "-0.01", "a number from 0 to 1")]
    [InlineData("discountRate", "10", "a number from 0 to 1")]
    [InlineData("currency", "\"Euro\"", "a three-letter code")]
    [InlineData("language", "\"fr\"", "en or de")]
    [InlineData("timeUnit", "\"day\"", "week, month or year")]
    [InlineData("margins.categories", "{ \" \": 0.1 }", "each category a name")]
    [InlineData("margins.categories.a", "35", "a number from -1 to 1")]
    [InlineData("margins.other", "-1.1", "a number from -1 to 1")]
    [InlineData("margins.contracts", "1.1", "a number from -1 to 1")]
    [InlineData("costs.serviceCall", "-1", "an amount from 0 to")]
    [InlineData("costs.complaint", "-1", "an amount from 0 to")]
    [InlineData("costs.campaignOpen", "-1", "an amount from 0 to")]
    [InlineData("costs.campaignClick", "-1", "an amount from 0 to")]
    [InlineData("costs.social", "-1", "an amount from 0 to")]
    [InlineData("costs.visit", "-1", "an amount from 0 to")]
    [InlineData("costs.return", "1000000001", "an amount from 0 to 1000000000")]
    [InlineData("costs.capital", "7", "a number from 0 to 1")]
    [InlineData("contracts.productContracts", "0", "a number from 1 to")]
    [InlineData("tiers.top", "0", "a share above 0")]
    [InlineData("tiers.top", "1.1", "a share above 0")]
    [InlineData("tiers.middle", "0.81", "a share that with tiers.top is at most 1")]
    [InlineData("tiers.middle", "-0.1", "a number from 0 to 1")]
    [InlineData("tiers.band", "1.5", "a number from 0 to 1")]
    [InlineData("phases.newWeeks", "-1", "a number from 0 to 1040")]
    [InlineData("phases.atRisk", "1.2", "a number from 0 to 1")]
    [InlineData("phases.atRisk", "0.3", null)]
    [InlineData("phases.lapsed", "0.6", "a probability below phases.atRisk")]
    [InlineData("phases.lost", "0.3", "a probability below phases.lapsed")]
    [InlineData("phases.lost", "-0.3", "a number from 0 to 1")]
    [InlineData("phases.growing", "-0.1", "a number from 0 to 100")]
    [InlineData("phases.band", "0.5", "with phases.atRisk is at most 1")]
    [InlineData("phases.nights", "0", "a number from 1 to 365")]
    [InlineData("actions.renewalLeadDays", "-1", "a number from 0 to 3650")]
    [InlineData("actions.welcomeDays", "3651", "a number from 0 to 3650")]
    [InlineData("actions.followUpDays", "-1", "a number from 0 to 3650")]
    [InlineData("actions.minimumLift", "0.9", "a number from 1 to 1000")]
    [InlineData("actions.minimumSupport", "0", "a number from 1 to")]
    [InlineData("actions.assumptions", "{ \"win_back\": { \"cost\": 1 } }", "for each action one of win, welcome, followUp")]
    [InlineData("actions.assumptions", "{ \"WinBack\": { \"cost\": 1 } }", "for each action one of win, welcome, followUp")]
    [InlineData("actions.assumptions.winBack", "null", "a cost")]
    [InlineData("actions.assumptions.winBack.cost", "0", "an amount above 0")]
    [InlineData("acquisition.targetRatio", "0", "a number above 0")]
    public void Parse_ValueOutOfRange_IsRefusedWithPropertyAndRange(string property, string value, string? range)
    {
        var parts = property.Split('.');
        var json = parts.Reverse().Aggregate(value, static (inner, name) => $"{{ \"{name}\": {inner} }}");

        var refused = Assert.Throws<ExtractRefusedException>(() => Parse(json));

        // A threshold that the next one is not below any more is told of the next one.
        Assert.StartsWith(
            $"profile.json: the value of \"{(range is null ? "phases.lapsed" : property)}\" cannot be used: give ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(range ?? "a probability below phases.atRisk", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EffectBeyondAShare_IsRefused() => Assert.Contains(
        "\"actions.assumptions.rescue.effect\" cannot be used: give a number from 0 to 1",
        Assert.Throws<ExtractRefusedException>(
            static () => Parse("""{ "actions": { "assumptions": { "rescue": { "cost": 1, "effect": 1.5 } } } }""")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Parse_Examples_AreReadAndDifferent()
    {
        var profiles = Directory.EnumerateFiles(Examples(), "*.json").Order(StringComparer.Ordinal)
            .Select(static file => (File: Path.GetFileNameWithoutExtension(file), Profile: IndustryProfile.Parse(File.ReadAllBytes(file)))).ToList();

        Assert.Equal(["b2b", "marketplace", "retail", "subscription"], profiles.Select(static p => p.Profile.Name));
        Assert.All(profiles, static p => Assert.Equal(p.File, p.Profile.Name));
        foreach (var figure in (Func<IndustryProfile, object?>[])
            [
                static p => p.HorizonWeeks, static p => p.DiscountRate, static p => p.Margins.Other, static p => p.Costs.ServiceCall,
                static p => p.Costs.Capital, static p => p.Tiers, static p => p.Phases, static p => p.Actions.WelcomeDays,
                static p => p.Actions.Assumptions["rescue"], static p => p.Acquisition.TargetRatio,
            ])
        {
            Assert.Distinct(profiles.Select(p => figure(p.Profile)));
        }

        Assert.All(profiles, static p => Assert.NotEmpty(p.Profile.Margins.Categories));
        Assert.All(profiles, static p => Assert.True(p.Profile.Margins.Contracts is null == p.Profile.Actions.RenewalLeadDays is 0));
    }

    private static IndustryProfile Parse(string json) => IndustryProfile.Parse(Encoding.UTF8.GetBytes(json));

    private static string Examples()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Clv.Functions.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return Path.Combine(root.FullName, "docs", "examples", "profiles");
    }
}
