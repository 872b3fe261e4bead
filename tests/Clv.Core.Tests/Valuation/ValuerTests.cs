using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Models;
using Clv.Core.Models.Contracts;
using Clv.Core.Valuation;
using static Clv.Core.Tests.Valuation.SomeCustomers;

namespace Clv.Core.Tests.Valuation;

public class ValuerTests
{
    // .2 occasions a week over one mean year of 52.1775 weeks: 10.4355; no discount.
    private static readonly ValuationTerms OneYear = new(ValuationTerms.WeeksPerYear, 0);
    private static readonly CustomerModels Purchases = new(new Poisson(.2), new ShrunkSpend(100, 90, 0, 0), null, new ShrunkShare(.4, 0));
    private static readonly ShiftedBetaGeometric Lasting = new(1, 3);

    private static readonly CustomerFacts Buyer = Facts([new(EndDay - 350, Euro(70), Euro(21)), new(EndDay - 350, Euro(30))]);

    // 240 a year since 400 days ago: renewed once, due again in 330 days.
    private static readonly Contract Yearly = new() { Id = "1", StartedOn = EndDay - 400, TermMonths = 12, FeePerTerm = Euro(240) };

    [Fact]
    public void Value_ByHand_IsEveryFigure()
    {
        var models = Models(Purchases, Lasting, new BehaviourEffects(.1, [new(BehaviourMeasure.Nps, .05, .01, 7, 900)]), new ShrunkShare(10, 2));
        var profile = new IndustryProfile { Margins = new MarginRates { Contracts = .5 }, Costs = new CostRates { Capital = .1 } };
        var facts = Buyer with
        {
            Profile = new CustomerProfile { AcquisitionCost = Euro(25), Nps = 9, PaymentDelayDays = 36 },
            Contracts = [Yearly],
            Costs = new InteractionCosts(Euro(12.50m), Euro(4), Euro(3)),
        };

        var worth = new Valuer(models, profile, OneYear, EndDay, intervals: false).Value(facts);

        Assert.Equal(ValueBasis.Contribution, worth.Basis);
        Assert.Equal(100m, worth.Revenue);
        // Two terms have begun.
        Assert.Equal(480m, worth.ContractRevenue);
        // 21, and of the 30 without a margin the customer's own 21/70; half of the fees.
        Assert.Equal(21m + 9m + 240m, worth.Contribution);
        // 580 x 36 / 365.2425 x .1 = 5.7167.
        Assert.Equal(new CustomerCosts(25, 4, 12.50m, 3, 5.72m), worth.Costs);
        Assert.Equal(219.78m, worth.Historic);
        // exp(.1 + .05 x (9 - 7)).
        Assert.Equal(1.2214027581601699, worth.BehaviourFactor!.Value, 1e-12);
        // 10.4355 x 100 x .3 x 1.2214028 = 382.3786.
        Assert.Equal(382.38m, worth.FuturePurchases);
        // (3 + 1) / (1 + 3 + 1) of half a fee.
        Assert.Equal(96m, worth.FutureContracts);
        // (19.5 + 2 x 10) / (400 / 365.2425 + 2) = 12.7630 a year, for one year.
        Assert.Equal(12.76m, worth.FutureServing);
        // (10.4355 x 100 x 1.2214028 + 240 x .8) x 36 / 365.2425 x .1 = 14.4555.
        Assert.Equal(14.46m, worth.FutureLatePayment);
        Assert.Equal(451.16m, worth.Future);
        Assert.Equal(670.94m, worth.Lifetime);
        // (400 / 365.2425 + 1 year) x 580 / (400 / 365.2425) x 270 / 580 - 50.22.
        Assert.Equal(466.32m, worth.Plain!.Value);
        Assert.Equal(1, worth.ProbabilityAlive);
        var contract = Assert.Single(worth.Contracts);
        Assert.Equal(
            new ContractWorth(null, 1, DateOnly.FromDayNumber(EndDay - 400).AddYears(2), false, 240m, .8, 120m, 96m),
            contract with { RenewalProbability = Math.Round(contract.RenewalProbability!.Value, 12) });
    }

    [Fact]
    public void Value_Renewals_AreDiscountedFromTheirDays()
    {
        var contract = new Contract { Id = "1", StartedOn = EndDay - 10, TermMonths = 1, FeePerTerm = Euro(100), RenewsOn = EndDay + 14 };
        var valuer = new Valuer(Models(Purchases, Lasting), IndustryProfile.Default, new ValuationTerms(10, .1), EndDay, intervals: false);

        // Stated for 14 July, then 14 August and no more within 70 days: 100 x (3/4 x 1.1^-(14/365.2425) + 3/4 x 4/5 x 1.1^-(45/365.2425)).
        var expected = (75 * Math.Pow(1.1, -14 / 365.2425)) + (60 * Math.Pow(1.1, -45 / 365.2425));
        Assert.Equal((decimal)Math.Round(expected, 2), valuer.Value(Facts([]) with { Contracts = [contract] }).FutureContracts);
        // Due on 20 July and 20 August, but cancelled for a day between.
        Assert.Equal(
            (decimal)Math.Round(75 * Math.Pow(1.1, -20 / 365.2425), 2),
            valuer.Value(Facts([]) with { Contracts = [contract with { RenewsOn = null, CancelledOn = EndDay + 40 }] }).FutureContracts);
    }

    [Fact]
    public void Value_LastDayOfTheMonth_StaysOne()
    {
        var endDay = new DateOnly(2026, 1, 31).DayNumber;
        var contract = new Contract { Id = "1", StartedOn = endDay, TermMonths = 1, FeePerTerm = Euro(10) };
        var worth = new Valuer(Models(Purchases, Lasting), IndustryProfile.Default, new ValuationTerms(59 / 7.0, 0), endDay, intervals: false)
            .Value(Facts([]) with { Contracts = [contract] });

        // 28 February and 31 March, 59 days ahead.
        Assert.Equal(new DateOnly(2026, 2, 28), worth.Contracts[0].NextRenewal);
        Assert.Equal(13.50m, worth.FutureContracts);
    }

    [Fact]
    public void Value_UnknownParts_CountNothingAndAreSeen()
    {
        var valuer = new Valuer(Models(Purchases, null), IndustryProfile.Default, OneYear, EndDay, intervals: false);
        var worth = valuer.Value(Buyer with { Contracts = [Yearly] });

        Assert.Null(worth.Contracts[0].RenewalProbability);
        Assert.Null(worth.Contracts[0].Future);
        Assert.Equal(0, worth.FutureContracts);
        Assert.Null(worth.ServingPerYear);
        Assert.Null(worth.BehaviourFactor);
        Assert.Equal(0, worth.FutureServing + worth.FutureLatePayment + worth.Costs.Total);
        // The fees' margin is not known: they count in full.
        Assert.Equal(30m + 480m, worth.Contribution);
    }

    [Fact]
    public void Value_CancelledContract_EndsAndIsWorthNothing()
    {
        var valuer = new Valuer(Models(Purchases, Lasting), IndustryProfile.Default, OneYear, EndDay, intervals: true);
        var worth = valuer.Value(Facts([]) with { Contracts = [Yearly with { CancelledOn = EndDay - 3 }] });

        var contract = Assert.Single(worth.Contracts);
        Assert.True(contract.Cancelled);
        Assert.Equal((0d, 0m), (contract.RenewalProbability, contract.Future));
        Assert.Null(worth.ProbabilityAlive);
        Assert.Equal((480m, 0m), (worth.ContractRevenue, worth.Future));
        Assert.Equal((0m, 0m), (worth.FutureLow, worth.FutureHigh));
    }

    [Fact]
    public void Value_FeesInTransactions_CountOnce()
    {
        var profile = new IndustryProfile { Contracts = new ContractTerms { FeesInTransactions = true } };
        var valuer = new Valuer(Models(Purchases, Lasting), profile, OneYear, EndDay, intervals: false);

        var worth = valuer.Value(Buyer with { Contracts = [Yearly] });
        Assert.Equal((0m, 0m, 192m), (worth.ContractRevenue, worth.FuturePurchases, worth.FutureContracts));
        // Without renewals that can be valued, or without a contract, the transactions are all there is.
        Assert.NotEqual(0, valuer.Value(Buyer with { Contracts = [Yearly with { FeePerTerm = null }] }).FuturePurchases);
        Assert.NotEqual(0, valuer.Value(Buyer with { Contracts = [Yearly with { TermMonths = null }] }).FuturePurchases);
        Assert.NotEqual(0, valuer.Value(Buyer with { Contracts = [Yearly with { FeePerTerm = Euro(0) }] }).FuturePurchases);
        // Of a cancelled contract no more fees come, and those so far are no purchases to expect more of.
        Assert.Equal(0, valuer.Value(Buyer with { Contracts = [Yearly with { CancelledOn = EndDay }] }).FuturePurchases);
        Assert.Equal(0, valuer.Value(Buyer with { Contracts = [Yearly with { CancelledOn = EndDay + 90 }] }).Future);
        Assert.NotEqual(0, valuer.Value(Buyer).FuturePurchases);
    }

    [Fact]
    public void Basis_AnyMargin_IsContributionForAllCustomers()
    {
        var unknown = Purchases with { Margins = null };
        ValueBasis Basis(CustomerModels common, CustomerModels? own, double? contracts) => new Valuer(
            new ValuationModels(
                new SegmentedModels(common, own is null ? [] : new Dictionary<string, CustomerModels>(StringComparer.Ordinal) { ["own"] = own }), ContractModels.None, null, null),
            new IndustryProfile { Margins = new MarginRates { Contracts = contracts } }, OneYear, EndDay, intervals: false).Basis;

        Assert.Equal(ValueBasis.Revenue, Basis(unknown, unknown, null));
        Assert.Equal(ValueBasis.Contribution, Basis(Purchases, null, null));
        Assert.Equal(ValueBasis.Contribution, Basis(unknown, Purchases, null));
        Assert.Equal(ValueBasis.Contribution, Basis(unknown, null, .3));
    }

    [Fact]
    public void Value_NoBehaviour_IsWhatTheModelsSay()
    {
        var intervals = Purchases with { Intervals = new ValueIntervals([Purchases.Transactions], [Purchases.Spend!]), Whole = new WholeOccasions(.5) };
        var worth = new Valuer(Models(intervals, null), IndustryProfile.Default, OneYear, EndDay, intervals: true).Value(Buyer);

        Assert.Equal(intervals.Value(Buyer.Purchases, OneYear), worth.Purchases!.Value with { SecondHalfRatio = null });
        Assert.Equal(intervals.SecondHalfRatio(Buyer.Purchases.Whole, OneYear), worth.Purchases.Value.SecondHalfRatio);
        Assert.Equal(Math.Round((decimal)worth.Purchases.Value.Low!, 2), worth.FutureLow);
        Assert.Equal(Math.Round((decimal)worth.Purchases.Value.High!, 2), worth.FutureHigh);
    }

    [Fact]
    public void Value_ContractsOnly_IntervalIsExact()
    {
        var valuer = new Valuer(Models(Purchases, Lasting), IndustryProfile.Default, new ValuationTerms(3 * 53, 0), EndDay, intervals: true);
        decimal?[] Range(int age, int contracts) =>
            valuer.Value(Facts([]) with { Contracts = [.. Enumerable.Repeat(Yearly with { StartedOn = EndDay - 10 - (366 * age) }, contracts)] })
                is var worth ? [worth.FutureLow, worth.FutureHigh] : [];

        // New: lost at the first renewal with 1/4, so from 0 to the 80th percentile, all three renewals (they have 1/2).
        Assert.Equal([0m, 720m], Range(0, 1));
        // Renewed ten times: none has 1/14, at most one .133, all three 13/16: from the 10th percentile to the 90th.
        Assert.Equal([240m, 720m], Range(10, 1));
        // Two of them: both full with .66; at most 3 renewals have .148, at most 2 .025.
        Assert.Equal([720m, 1440m], Range(10, 2));
    }

    // Many purchases, few, and hardly any, beside contracts that are worth less, as much, and more.
    [Theory]
    [InlineData(.9, 12, 60, 104)]
    [InlineData(.9, 12, 600, 104)]
    [InlineData(3, 4, 60, 104)]
    [InlineData(.3, 60, 20, 52)]
    [InlineData(.3, 60, 200, 104)]
    [InlineData(.05, 90, 60, 104)]
    public void Value_PurchasesAndContracts_IntervalHoldsAtLeastFourOfFive(double r, double alpha, int fee, int weeks)
    {
        var (transactions, spend, terms) = (new Nbd(r, alpha), new GammaGamma(6.25, 3.74, 15.44), new ValuationTerms(weeks, 0));
        var models = Models(new CustomerModels(transactions, spend, Intervals: new ValueIntervals([transactions], [spend])), Lasting);
        var facts = Facts([new(EndDay - 200, Euro(30)), new(EndDay - 90, Euro(35)), new(EndDay - 40, Euro(28))]) with
        {
            Contracts = [Yearly with { FeePerTerm = Euro(fee) }, Yearly with { FeePerTerm = Euro(1.5m * fee), TermMonths = 6 }],
            Costs = new InteractionCosts(Euro(20), default, default),
        };
        var worth = new Valuer(models with { ServingPerYear = new ShrunkShare(10, 1) }, IndustryProfile.Default, terms, EndDay, intervals: true).Value(facts);
        var (random, summary) = (new SeededRandom(11), facts.Purchases.Whole);
        var counts = new double[400];
        transactions.TransactionProbabilities(2, summary.RecencyDays / 7.0, summary.AgeDays / 7.0, weeks, counts);
        var (inside, sum, draws) = (0, 0.0, 20_000);
        for (var i = 0; i < draws; i++)
        {
            var (n, u) = (0, random.NextDouble());
            while (n < counts.Length - 1 && (u -= counts[n]) > 0)
            {
                n++;
            }

            // The total of purchases over itself and the customer's scale is beta.
            var part = n == 0 ? 0 : random.NextBeta(6.25 * n, 3.74 + (6.25 * 2));
            var (years, halves) = weeks == 104 ? (2, 4) : (1, 2);
            var total = (part / (1 - part) * (15.44 + 63)) + (fee * Math.Min(years, Lasting.NextRenewals(random, 1)))
                + (1.5 * fee * Math.Min(halves, Lasting.NextRenewals(random, 2))) - (double)worth.FutureServing;
            sum += total;
            inside += total >= (double)worth.FutureLow!.Value && total <= (double)worth.FutureHigh!.Value ? 1 : 0;
        }

        Assert.Equal((double)worth.Future, sum / draws, 0.015 * (double)worth.Future);
        Assert.InRange(inside / (double)draws, .80, .93);
    }

    [Fact]
    public void Future_AnyCustomer_IsThatOfValue()
    {
        var random = new Random(4);
        for (var i = 0; i < 500; i++)
        {
            var facts = Customer(random).Facts;
            var valuer = Valuer(random, intervals: i % 5 == 0);
            var worth = valuer.Value(facts);

            Assert.Equal(worth.Future, valuer.Future(facts));
            Assert.Equal(worth.FutureContracts, worth.Contracts.Sum(static contract => contract.Future ?? 0));
            Assert.Equal(worth.Lifetime, worth.Contribution - worth.Costs.Total + worth.Future);
            Assert.True(worth.FutureLow is null || worth.FutureLow <= worth.FutureHigh);
            Assert.True(worth.FutureServing >= 0 && worth.FutureLatePayment >= 0);
        }
    }

    [Fact]
    public void Value_MoreFeesLessCosts_IsMore()
    {
        var random = new Random(8);
        for (var i = 0; i < 200; i++)
        {
            var facts = Customer(random).Facts with { Profile = new CustomerProfile { PaymentDelayDays = 5, AcquisitionCost = Euro(3) } };
            var valuer = Valuer(random, intervals: false);
            var lifetime = valuer.Value(facts).Lifetime;

            Assert.True(valuer.Value(facts with { Contracts = [.. facts.Contracts.Select(static c => c with { FeePerTerm = c.FeePerTerm is { } fee ? fee + Euro(9) : null })] }).Lifetime >= lifetime);
            Assert.True(valuer.Value(facts with { Costs = facts.Costs with { Service = facts.Costs.Service + Euro(5) } }).Lifetime < lifetime);
            Assert.True(valuer.Value(facts with { Profile = facts.Profile with { PaymentDelayDays = 50 } }).Lifetime <= lifetime);
            Assert.Equal(lifetime - 4, valuer.Value(facts with { Profile = facts.Profile with { AcquisitionCost = Euro(7) } }).Lifetime);
        }
    }

    [Fact]
    public void Value_AbsurdCustomers_StayWithinTheBound()
    {
        var random = new Random(15);
        var most = new Money(Int128.MaxValue / 4);
        for (var i = 0; i < 200; i++)
        {
            var facts = Customer(random).Facts;
            var summary = facts.Purchases;
            facts = facts with
            {
                Purchases = summary with
                {
                    Whole = summary.Whole with { NetTotal = most, SpendTotal = summary.Whole.SpendCount > 0 ? most : default, ReturnTotal = most },
                    MarginTotal = new Money(-most.Micros),
                },
                Contracts = [.. facts.Contracts.Select(c => c with { FeePerTerm = most })],
                Costs = new InteractionCosts(most, most, most),
                Profile = new CustomerProfile { PaymentDelayDays = int.MaxValue, AcquisitionCost = most, Nps = 10 },
            };
            var worth = Valuer(random, intervals: i % 5 == 0).Value(facts);

            decimal[] all = [worth.Revenue, worth.Contribution, worth.Costs.Total, worth.FuturePurchases, worth.FutureContracts, worth.FutureServing, worth.Lifetime, worth.FutureLow ?? 0, worth.FutureHigh ?? 0];
            Assert.All(all, static amount => Assert.InRange(amount, -50 * Cents.Bound, 50 * Cents.Bound));
            Assert.NotEmpty(Explanation.Of(facts, Valuer(random, intervals: false)).Steps);
        }
    }

    [Fact]
    public void Value_SomebodyWithoutAnything_IsNothing()
    {
        var worth = new Valuer(Models(Purchases, Lasting), IndustryProfile.Default, OneYear, EndDay, intervals: true).Value(Facts([]));

        Assert.Equal((0m, 0m), (worth.Historic, worth.Future));
        Assert.Null(worth.Plain);
        Assert.Null(worth.ProbabilityAlive);
        Assert.Null(worth.Purchases);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, .1)]
    [InlineData(52, -.1)]
    [InlineData(52, double.NaN)]
    public void Valuer_ImpossibleTerms_AreRefused(double weeks, double rate) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new Valuer(Models(Purchases, null), IndustryProfile.Default, new ValuationTerms(weeks, rate), EndDay, intervals: false));

    private static ValuationModels Models(CustomerModels purchases, IContractModel? contracts, BehaviourEffects? behaviour = null, ShrunkShare? serving = null) => new(
        new SegmentedModels(purchases, new Dictionary<string, CustomerModels>(StringComparer.Ordinal)),
        contracts is null ? ContractModels.None : new ContractModels(((int[])[1, 6, 12]).ToDictionary(
            static months => months, _ => new TermModels(contracts, new Dictionary<string, IContractModel>(StringComparer.Ordinal)))),
        behaviour,
        serving);
}
