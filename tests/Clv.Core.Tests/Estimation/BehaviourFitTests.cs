using System.Text.Json;
using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Estimation;

/// <summary>Effects of behaviour are found where they are, with their errors, and not where they are not.</summary>
public class BehaviourFitTests
{
    private static readonly Dictionary<BehaviourMeasure, double> None = [];

    private static readonly Dictionary<BehaviourMeasure, double> Real = new()
    {
        [BehaviourMeasure.Nps] = .08,
        [BehaviourMeasure.Complaints] = -.6,
        [BehaviourMeasure.CampaignOpens] = .2,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Run_KnownEffects_RecoversWithinThreeStandardErrors(ulong seed)
    {
        var groups = BehaviourSimulation.Groups(20_000, seed, Real);
        var estimate = BehaviourFit.Run(groups);

        AssertRecovered(estimate);
        Assert.True(estimate.DevianceGain > 0);
        Assert.Equal(Enum.GetValues<BehaviourMeasure>(), estimate.Measures.Select(m => m.Measure));
        Assert.All(estimate.Measures, m => Assert.Equal(Real.ContainsKey(m.Measure), m.Kept));
        var effects = estimate.Effects!;
        Assert.Equal(
            1, groups.Sum(g => g.All.Expected * Math.Exp(BehaviourDesign.Logarithm(effects, g))) / groups.Sum(g => g.All.Expected), 1e-12);
    }

    [Fact]
    public void Run_StandardErrors_AreWhatEstimatesScatterBy()
    {
        var distances = new List<double>();
        for (ulong seed = 100; seed < 160; seed++)
        {
            var effects = BehaviourFit.Run(BehaviourSimulation.Groups(6000, seed, Real)).Effects!.Effects;
            distances.AddRange(effects.Where(e => e.Measure != BehaviourMeasure.Nps).Select(e => (e.Coefficient - Real.GetValueOrDefault(e.Measure)) / e.StandardError));
        }

        Assert.InRange(Math.Sqrt(distances.Average(d => d * d)), .85, 1.2);
    }

    [Fact]
    public void Run_NoEffects_FindsOneInFewBases()
    {
        const int bases = 100;
        var found = 0;
        for (ulong seed = 1000; seed < 1000 + bases; seed++)
        {
            var estimate = BehaviourFit.Run(BehaviourSimulation.Groups(3000, seed, None));
            found += estimate.Effects is null ? 0 : 1;
            Assert.All(estimate.Measures, m => Assert.NotEmpty(m.Reason));
        }

        Assert.InRange(found, 0, 6);
    }

    [Fact]
    public void Run_TooFewWithTheMeasure_StaysOutWithItsReason()
    {
        var i = 0;
        (CustomerProfile, InteractionCounts) Behaviour(SeededRandom random) => (
            new CustomerProfile { Nps = i++ < 199 ? random.NextInt(11) : null, PaymentDelayDays = 0 },
            InteractionCounts.None with { Clicks = i <= 300 ? 1 : 0, Visits = random.NextInt(3) });

        var estimate = BehaviourFit.Run(BehaviourSimulation.Groups(5000, 7, None, Behaviour));

        Assert.Null(estimate.Effects);
        MeasureResult Of(BehaviourMeasure measure) => estimate.Measures.Single(m => m.Measure == measure);
        Assert.Equal("Fewer than 200 customers have it: 199.", Of(BehaviourMeasure.Nps).Reason);
        Assert.Equal(199, Of(BehaviourMeasure.Nps).Customers);
        Assert.Contains("same for all but 0", Of(BehaviourMeasure.PaymentDelay).Reason, StringComparison.Ordinal);
        Assert.Equal("Fewer than 200 customers have it: 0.", Of(BehaviourMeasure.Social).Reason);
        Assert.Equal(300, Of(BehaviourMeasure.CampaignClicks).Customers);
        Assert.Contains("No effect beyond chance", Of(BehaviourMeasure.Visits).Reason, StringComparison.Ordinal);
        Assert.NotNull(Of(BehaviourMeasure.Visits).StandardError);
    }

    [Fact]
    public void Run_FewPurchases_StaysOut()
    {
        var estimate = BehaviourFit.Run(BehaviourSimulation.Groups(2000, 7, None, otherwise: static _ => .005));

        Assert.Null(estimate.Effects);
        Assert.Contains(estimate.Measures, m => m.Reason.Contains("fewer than 30 purchases", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_MeasuresThatGoTogether_FindsTheOneThatActs()
    {
        static (CustomerProfile, InteractionCounts) Behaviour(SeededRandom random)
        {
            var opens = (int)(8 * random.NextGamma(1));
            return (CustomerProfile.None, InteractionCounts.None with { Opens = opens, Clicks = (opens / 2) + random.NextInt(2), Visits = opens });
        }

        var estimate = BehaviourFit.Run(
            BehaviourSimulation.Groups(20_000, 3, new Dictionary<BehaviourMeasure, double> { [BehaviourMeasure.CampaignOpens] = .3 }, Behaviour));

        var effect = Assert.Single(estimate.Effects!.Effects);
        Assert.Equal(BehaviourMeasure.CampaignOpens, effect.Measure);
        Assert.Equal(.3, effect.Coefficient, 3 * effect.StandardError);
        Assert.Contains("cannot be told", estimate.Measures.Single(m => m.Measure == BehaviourMeasure.Visits).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhoAnsweredBuysMore_IsNotTakenForTheAnswer()
    {
        static (CustomerProfile, InteractionCounts) Behaviour(SeededRandom random) =>
            (new CustomerProfile { Nps = random.NextInt(3) == 0 ? 5 + random.NextInt(6) : null }, InteractionCounts.None);

        Assert.Null(BehaviourFit.Run(BehaviourSimulation.Groups(20_000, 3, None, Behaviour, static p => p.Nps is null ? .5 : 2)).Effects);
        var real = BehaviourFit.Run(BehaviourSimulation.Groups(
            20_000, 3, new Dictionary<BehaviourMeasure, double> { [BehaviourMeasure.Nps] = .1 }, Behaviour, static p => p.Nps is null ? 1.25 : .8));
        var effect = Assert.Single(real.Effects!.Effects);
        Assert.Equal(.1, effect.Coefficient, 3 * effect.StandardError);
    }

    public static TheoryData<string> Absurd => ["only those who called buy", "one customer calls for ever", "nobody buys", "everybody alike", "one customer buys everything"];

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Run_AbsurdData_GivesBoundedEffects(string name)
    {
        var i = 0;
        (CustomerProfile, InteractionCounts) Behaviour(SeededRandom random)
        {
            var (profile, lastYear) = BehaviourSimulation.Behaviour(random);
            i++;
            return name switch
            {
                "only those who called buy" => (profile with { Nps = i % 2 }, lastYear with { ServiceCalls = i % 2 }),
                "one customer calls for ever" when i == 7 =>
                    (new CustomerProfile { Nps = 10, PaymentDelayDays = int.MaxValue }, new InteractionCounts(int.MaxValue, int.MaxValue, int.MaxValue, 0, 0, 0, 0)),
                "everybody alike" => (new CustomerProfile { Nps = 9, PaymentDelayDays = 3 }, new InteractionCounts(1, 1, 1, 1, 1, 1, 1)),
                "one customer buys everything" => (i == 7 ? profile with { PaymentDelayDays = 4000 } : profile, lastYear),
                _ => (profile, lastYear),
            };
        }

        double Otherwise(CustomerProfile profile) => name switch
        {
            "only those who called buy" => profile.Nps!.Value,
            "nobody buys" => 0,
            "one customer buys everything" => profile.PaymentDelayDays == 4000 ? 10_000 : .1,
            _ => 1,
        };

        var estimate = BehaviourFit.Run(BehaviourSimulation.Groups(4000, 5, name == "one customer calls for ever" ? Real : None, Behaviour, Otherwise));

        // JSON refuses NaN and infinities, so whatever is stored is finite.
        Assert.NotEmpty(JsonSerializer.Serialize(estimate));
        Assert.Equal(8, estimate.Measures.Count);
        if (estimate.Effects is { } effects)
        {
            var most = new InteractionCounts(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, 0);
            Assert.InRange(effects.Factor(new CustomerProfile { Nps = 10, PaymentDelayDays = int.MaxValue }, most), 1e-4, 1e4);
        }
    }

    [Fact]
    public void Run_OneCustomerCallsForEver_ChangesNothingOfNote()
    {
        var i = 0;
        var plain = BehaviourFit.Run(BehaviourSimulation.Groups(20_000, 5, Real));
        var odd = BehaviourFit.Run(BehaviourSimulation.Groups(20_000, 5, Real, random =>
        {
            var (profile, lastYear) = BehaviourSimulation.Behaviour(random);
            return (profile, i++ == 7 ? lastYear with { Opens = int.MaxValue } : lastYear);
        }, static _ => 1));

        double Opens(BehaviourEstimate of) => of.Effects!.Effects.Single(e => e.Measure == BehaviourMeasure.CampaignOpens).Coefficient;
        Assert.Equal(Opens(plain), Opens(odd), .03);
    }

    [Fact]
    public void Estimate_WholeHistories_RecoversAndForecastsOtherCustomersBetter()
    {
        var customers = BehaviourSimulation.Customers(new Nbd(.8, 8), 12_000, 1, Real);
        var estimate = Estimator.Run(BehaviourSimulation.Base(customers), new EstimationOptions { BacktestWeeks = BehaviourSimulation.Weeks, Threads = 2 });

        AssertRecovered(estimate.Behaviour);
        // Who had no part in any of it: the model as fitted up to the cutoff does not know them either.
        double plain = 0, informed = 0;
        foreach (var other in BehaviourSimulation.Customers(new Nbd(.8, 8), 12_000, 2, Real))
        {
            var before = other.Purchases.Before;
            var expected = new Nbd(.8, 8).ExpectedTransactions(before.Frequency, before.RecencyDays / 7.0, before.AgeDays / 7.0, BehaviourSimulation.Weeks);
            // The level keeps the model's total, which without effects is too low or high by their mean; only the order is compared.
            var factor = estimate.Behaviour.Effects!.Factor(other.Profile, other.LastYearBefore);
            plain -= other.Purchases.HoldoutOccasions * Math.Log(expected);
            informed -= other.Purchases.HoldoutOccasions * Math.Log(expected * factor);
        }

        Assert.True(informed < plain - 50, $"{plain} {informed}");
    }

    [Fact]
    public void Estimate_CustomersInAnyOrderOnAnyThreads_GivesTheSameBits()
    {
        var customers = BehaviourSimulation.Customers(new Nbd(.8, 8), 4000, 3, Real);
        var files = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            var estimate = Estimator.Run(BehaviourSimulation.Base(customers), new EstimationOptions { BacktestWeeks = BehaviourSimulation.Weeks, Threads = 1 + round });
            files.Add(JsonSerializer.Serialize(estimate.Behaviour));
            Assert.NotNull(estimate.Behaviour.Effects);
            customers.Reverse();
        }

        Assert.Equal(files[0], files[1]);
    }

    [Fact]
    public void Groups_MoreCustomersThanAreKept_AreTheSameSampleInAnyOrder()
    {
        var random = new SeededRandom(4);
        var customers = Enumerable.Range(0, 5000)
            .Select(i => (Place: i, Key: new CustomerKey(new UInt128(random.NextBits(), random.NextBits())), Profile: new CustomerProfile { Nps = i % 11 }))
            .ToList();
        HeldOutCustomer[] heldOut = [.. customers.Select(c => default(HeldOutCustomer) with { Occasions = c.Place % 7 })];
        double[] expected = [.. customers.Select(c => c.Place / 3.0)];
        var samples = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            var records = new BehaviourRecords(most: 1000);
            customers.ForEach(c => records.Add(c.Place, c.Key, c.Profile, InteractionCounts.None));
            var groups = records.Groups(heldOut, expected);
            Assert.InRange(groups.Sum(g => g.All.Customers), 450, 1000);
            Assert.InRange(groups.Sum(g => g.Even.Customers) / (double)groups.Sum(g => g.All.Customers), .4, .6);
            samples.Add(JsonSerializer.Serialize(groups.Select(g => (object)new[] { g.Measures[0], g.Even.Expected, g.Even.Squares(1, 1.5), g.Odd.Expected, g.Odd.Occasions })));
            customers.Reverse();
        }

        Assert.Equal(samples[0], samples[1]);
    }

    [Fact]
    public void Estimate_NothingHeldOutOrKnown_SaysWhyThereAreNoEffects()
    {
        var customers = BehaviourSimulation.Customers(new Nbd(.8, 8), 600, 3, Real);
        var untested = Estimator.Run(BehaviourSimulation.Base(customers), new EstimationOptions()).Behaviour;
        Assert.Null(untested.Effects);
        Assert.Contains("held-out weeks", untested.Reason, StringComparison.Ordinal);

        var unknown = Estimator.Run(
            BehaviourSimulation.Base(customers.Select(c => c with { Profile = null, LastYearBefore = InteractionCounts.None })),
            new EstimationOptions { BacktestWeeks = BehaviourSimulation.Weeks }).Behaviour;
        Assert.Null(unknown.Effects);
        Assert.Contains("No behaviour", unknown.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelFile_StoredAndRead_GivesTheSameFactorsAndStaysWithKeptModels()
    {
        var customers = BehaviourSimulation.Customers(new Nbd(.8, 8), 6000, 4, Real);
        var options = new EstimationOptions { BacktestWeeks = BehaviourSimulation.Weeks };
        var file = ModelFile.Of(Estimator.Run(BehaviourSimulation.Base(customers), options), BehaviourSimulation.Weeks, "r1");
        var json = JsonSerializer.Serialize(file);
        var read = JsonSerializer.Deserialize<ModelFile>(json)!;

        Assert.Equal(json, JsonSerializer.Serialize(read));
        var (written, stored) = (file.ToValuation(distribution: false).Behaviour!, read.ToValuation(distribution: false).Behaviour!);
        Assert.All(customers.Take(100), c => Assert.Equal(written.Factor(c.Profile, c.LastYear), stored.Factor(c.Profile, c.LastYear)));

        var tonight = new CustomerBase();
        for (var i = 0; i < 300; i++)
        {
            tonight.Add(CustomerSummary.Of([BehaviourSimulation.EndDay - 300], [1_000_000], default, BehaviourSimulation.EndDay, BehaviourSimulation.Weeks * 7));
        }

        var kept = Estimator.Run(tonight, options with { Last = read.ToLast() });
        Assert.Null(kept.Transactions.Fit);
        Assert.Equal(written.Effects, kept.Behaviour.Effects!.Effects);
    }

    private static void AssertRecovered(BehaviourEstimate estimate)
    {
        Assert.NotNull(estimate.Effects);
        var found = estimate.Effects.Effects.ToDictionary(static e => e.Measure);
        Assert.All(Real, real =>
        {
            var effect = found[real.Key];
            Assert.Equal(real.Value, effect.Coefficient, 3 * effect.StandardError);
            Assert.True(Math.Abs(effect.Coefficient) >= BehaviourFit.StandardErrors * effect.StandardError);
        });
    }
}
