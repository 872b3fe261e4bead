using System.Text.Json;
using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Models.Contracts;
using Clv.Core.Tests.Models.Contracts;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Estimation;

/// <summary>Contracts as a CRM has them become models of how long they last; contacts' costs become costs a year.</summary>
public class ContractEstimationTests
{
    private static readonly int EndDay = new DateOnly(2025, 6, 30).DayNumber;

    private const int Yearly = 12;

    private static readonly Dictionary<string, ShiftedBetaGeometric> Truth = new(StringComparer.Ordinal)
    {
        ["basic"] = new(.7, 2),
        ["plus"] = new(1.5, 12),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_SimulatedContracts_RecoversEachProduct(ulong seed)
    {
        var estimate = Run(Simulate(6000, seed)).Contracts[Yearly];

        Assert.Equal(["basic", "plus"], estimate.Products.Keys);
        Assert.NotNull(estimate.Common);
        foreach (var (product, own) in estimate.Products)
        {
            var truth = Truth[product].Parameters;
            Assert.All(own.Fit!.Parameters.Select((p, i) => (p, truth[i].Value)), pair =>
                Assert.Equal(pair.Value, pair.p.Estimate, 3 * pair.p.StandardError!.Value));
        }
    }

    [Fact]
    public void Run_PublishedRetention_GivesThePublishedEstimates()
    {
        var active = Retention.Active("regular");
        var start = DateOnly.FromDayNumber(EndDay).AddYears(-7);
        var contracts = new List<Contract>();
        for (var renewals = 0; renewals <= 7; renewals++)
        {
            var lost = renewals < 7;
            for (var i = active[renewals] - (lost ? active[renewals + 1] : 0); i > 0; i--)
            {
                contracts.Add(Contract(start.DayNumber, lost ? start.AddYears(renewals + 1).AddDays(-1 - ((int)i % 360)).DayNumber : null, "magazine"));
            }
        }

        var common = Run(contracts).Contracts[Yearly].Common!;
        Assert.Equal(.7041, common.Model.Parameters[0].Value, 5e-5);
        Assert.Equal(1.1820, common.Model.Parameters[1].Value, 5e-5);
        Assert.Equal(-1680.2652, common.Fit!.LogLikelihood!.Value, 1e-3);
    }

    [Fact]
    public void Run_CancelledWithinItsTerm_IsCountedOnlyWhenTheRenewalHasCome()
    {
        Contract[] contracts =
        [
            .. Enumerable.Range(0, 300).Select(_ => Contract(EndDay - 200, EndDay - 10, "new")),
            Contract(EndDay + 5, null, "new"),
            Contract(EndDay - 1000, EndDay - 1001, "new"),
            Contract(EndDay - 5000, null, "new") with { TermMonths = null },
        ];

        var estimate = Run(contracts).Contracts[Yearly];

        Assert.Null(estimate.Common);
        Assert.Equal("0 contracts came up for renewal; at least 10 are needed.", estimate.Reason);
        Assert.Empty(estimate.Products);
        Assert.Empty(estimate.Refused);
    }

    [Fact]
    public void Run_TermsOfDifferentLength_HaveModelsOfTheirOwn()
    {
        var monthly = Simulate(4000, 7, new ShiftedBetaGeometric(2, 60), months: 1).Select(c => c with { Product = "phone" });
        var yearly = Simulate(4000, 8, new ShiftedBetaGeometric(2, 4)).Select(c => c with { Product = "phone" });
        List<Contract> contracts = [.. monthly, .. yearly, .. Simulate(5, 9, months: 24)];

        var estimate = Run(contracts);
        var models = File(estimate, last: null).ToValuation(distribution: false).Contracts;

        // Both the contracts of any product and those of one: a month's chance of renewal is no year's.
        foreach (var product in (string?[])[null, "phone"])
        {
            Assert.Equal(60.0 / 62, models.Of(product, 1)!.RenewalProbability(0), .01);
            Assert.Equal(4.0 / 6, models.Of(product, Yearly)!.RenewalProbability(0), .03);
        }

        Assert.Null(models.Of("phone", 24));
        Assert.Contains("at least 10 are needed", estimate.Contracts[24].Reason, StringComparison.Ordinal);
        Assert.Null(models.Of("phone", 3));
        Assert.Null(models.Of("phone", null));
    }

    [Fact]
    public void Run_ProductWithFewContractsOrWithoutAName_SharesTheCommonModel()
    {
        List<Contract> contracts = [.. Simulate(3000, 4)];
        contracts.AddRange(Simulate(3000, 5).Take(150).Select(c => c with { Product = "rare" }));
        contracts.AddRange(Simulate(3000, 6).Take(150).Select(c => c with { Product = null }));

        var models = File(Run(contracts), last: null).ToValuation(distribution: false).Contracts.Terms[Yearly];

        Assert.Equal(["basic", "plus"], models.Products.Keys.Order());
        Assert.Equal(models.Common!.Parameters, models.Of("rare")!.Parameters);
        Assert.Equal(models.Common.Parameters, models.Of(null)!.Parameters);
        Assert.NotEqual(models.Common.Parameters, models.Of("plus")!.Parameters);
    }

    [Fact]
    public void Run_RefusedTonight_KeepsLastNightsAcceptedModel()
    {
        var last = File(Run(Simulate(4000, 4)), last: null);
        List<Contract> tonight = [.. Simulate(4000, 4).Where(c => c.Product == "plus").Select(c => c with { CancelledOn = null })];

        var estimate = Run(tonight, last.Contracts.ToModels());
        var (kept, before) = (File(estimate, last, "r2").Contracts.Terms[Yearly], last.Contracts.Terms[Yearly]);

        Assert.Contains("No contract was lost", kept.Refused["plus"], StringComparison.Ordinal);
        Assert.Contains("stays in use", kept.Reason, StringComparison.Ordinal);
        Assert.Equal("r1", kept.Products["plus"].FittedIn);
        Assert.Equal(JsonSerializer.Serialize(before.Products["plus"]), JsonSerializer.Serialize(kept.Products["plus"]));
        Assert.Equal(before.Common, kept.Common);

        var alone = Run(tonight).Contracts[Yearly];
        Assert.Null(alone.Common);
        Assert.Empty(alone.Products);
        Assert.Contains("plus", alone.Refused.Keys);
    }

    [Fact]
    public void Run_ContractsThatDoNotDiffer_HaveAModelAllTheSame()
    {
        // One loss in five at every renewal, and for each of two contracts three renewals to come.
        var contracts = Simulate(4000, 9, new ShiftedBetaGeometric(2000, 8000));

        var common = Run(contracts).Contracts[Yearly].Common!;
        Assert.Equal(.8, common.Model.RenewalProbability(0), .03);
        Assert.Equal(.8, common.Model.RenewalProbability(4), .05);
    }

    [Fact]
    public void ModelFile_StoredAndRead_GivesTheSameBitsAndABriefThatFits()
    {
        List<Contract> contracts = [.. Simulate(12_000, 4)];
        for (var i = 0; i < contracts.Count; i++)
        {
            contracts[i] = contracts[i] with
            {
                Product = $"{contracts[i].Product} {new string('x', 100)} {i % 3}",
                TermMonths = 12 + (i / 6 % 5),
            };
        }

        var file = File(Run(contracts), last: null);
        var json = JsonSerializer.Serialize(file);
        var read = JsonSerializer.Deserialize<ModelFile>(json)!;

        Assert.Equal(json, JsonSerializer.Serialize(read));
        Assert.Equal(5, file.Contracts.Terms.Count(term => term.Value.Products.Count > 2));
        var models = read.ToValuation(distribution: true).Contracts;
        Assert.All(file.Contracts.Terms, term => Assert.All(
            term.Value.Products, p => Assert.Equal(p.Value.ToModel().Parameters, models.Of(p.Key, term.Key)!.Parameters)));
        Assert.All(file.Brief().Contracts.Terms.Values, term => Assert.Equal(2, term.Products.Count));
        Assert.InRange(JsonSerializer.Serialize(file.Brief(), JsonSerializerOptions.Web).Length, 1, 15_000);
        Assert.Equal(4, read.Format);
    }

    [Fact]
    public void ServingYears_SinceTheFirstPurchaseOrContract_AtLeastAQuarter()
    {
        var nobody = Person([]);
        Assert.Null(ServingYears.Of(nobody with { Profile = new CustomerProfile { AcquiredOn = EndDay - 1000 } }, EndDay));
        Assert.Null(ServingYears.Of(Person([Contract(EndDay + 1, null, "new")]), EndDay));
        Assert.Equal(.25, ServingYears.Of(Person([Contract(EndDay, null, "new")]), EndDay));
        var contract = Person([Contract(EndDay - 731, null, "new")]);
        Assert.Equal(731 / 365.2425, ServingYears.Of(contract, EndDay)!.Value, 1e-12);
        Assert.Equal(731 / 365.2425, ServingYears.Of(contract with { Profile = new CustomerProfile { AcquiredOn = EndDay - 1000 } }, EndDay)!.Value, 1e-12);
        var buyer = contract with { Purchases = CustomerSummary.Of([EndDay - 1500], [1], default, EndDay, 0) };
        Assert.Equal(1500 / 365.2425, ServingYears.Of(buyer, EndDay)!.Value, 1e-12);
        Assert.Equal(1500 / 365.2425, ServingYears.Of(buyer with { Profile = new CustomerProfile { AcquiredOn = EndDay + 9 } }, EndDay)!.Value, 1e-12);
    }

    [Fact]
    public void ServingPerYear_CustomersWhoDiffer_AreDrawnTowardsTheMean()
    {
        var random = new SeededRandom(5);
        var all = new CustomerBase();
        for (var i = 0; i < 3000; i++)
        {
            var years = 1 + random.NextInt(6);
            var costs = new Money((Int128)(years * (i % 2 == 0 ? 30 : 10) * 1e6));
            all.Add(Person([Contract(EndDay - (int)(years * 365.2425), null, "new")]) with { Costs = new InteractionCosts(costs, default, default) }, EndDay);
        }

        all.Add(Person([]) with { Costs = new InteractionCosts(new Money(1_000_000_000_000), default, default) }, EndDay);
        var serving = Estimator.Run(all, new EstimationOptions()).ServingPerYear!;
        Assert.Equal(20, serving.Overall, .5);
        Assert.Equal(30, serving.Of(150, 5), 1);
        Assert.Null(Run(Simulate(100, 1)).ServingPerYear);
    }

    private static Estimate Run(IEnumerable<Contract> contracts, ContractModels? last = null)
    {
        var all = new CustomerBase();
        foreach (var contract in contracts)
        {
            all.Add(Person([contract]), EndDay);
        }

        return Estimator.Run(all, new EstimationOptions { LastContracts = last });
    }

    private static ModelFile File(Estimate estimate, ModelFile? last, string run = "r1") => ModelFile.Of(estimate, 0, run, last);

    private static CustomerFacts Person(IReadOnlyList<Contract> contracts) => new()
    {
        Key = new CustomerKey(1),
        Purchases = CustomerSummary.Of([], [], default, EndDay, 0),
        Contracts = contracts,
    };

    private static Contract Contract(int startedOn, int? cancelledOn, string? product, int months = Yearly) =>
        new() { Id = "c", StartedOn = startedOn, TermMonths = months, CancelledOn = cancelledOn, Product = product };

    /// <summary>Contracts begun within six years; who leaves says so on some day of the last term.</summary>
    private static IEnumerable<Contract> Simulate(int count, ulong seed, ShiftedBetaGeometric? model = null, int months = Yearly)
    {
        var random = new SeededRandom(seed);
        for (var i = 0; i < count; i++)
        {
            var product = i % 2 == 0 ? "basic" : "plus";
            var contract = Contract(EndDay - random.NextInt(6 * 365), null, product, months);
            var renewals = (model ?? Truth[product]).NextRenewals(random);
            if (renewals * months < 20 * Yearly)
            {
                var (from, to) = (contract.RenewalDay(renewals), contract.RenewalDay(renewals + 1));
                contract = contract with { CancelledOn = from + 1 + random.NextInt(to - from) };
            }

            yield return contract.CancelledOn > EndDay ? contract with { CancelledOn = null } : contract;
        }
    }
}
