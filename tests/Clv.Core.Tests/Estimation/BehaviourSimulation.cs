using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Estimation;

/// <summary>Customers whose behaviour is known, and what it does to their purchases.</summary>
internal static class BehaviourSimulation
{
    public const int EndDay = 738_000;
    public const int Weeks = 26;

    /// <summary>Made-up behaviour: three of five answered the question, a quarter pays on account, few call or complain, many open mail.</summary>
    public static (CustomerProfile Profile, InteractionCounts LastYear) Behaviour(SeededRandom random)
    {
        int Count(double mean) => Poisson(random, mean * random.NextGamma(1));
        return (
            new CustomerProfile
            {
                Nps = random.NextInt(5) < 3 ? random.NextInt(11) : null,
                PaymentDelayDays = random.NextInt(4) == 0 ? Count(12) : null,
            },
            new InteractionCounts(Count(.4), Count(.2), Count(5), Count(1), Count(.1), Count(2), Count(.3)));
    }

    public static double Effect(IReadOnlyDictionary<BehaviourMeasure, double> effects, CustomerProfile profile, InteractionCounts lastYear) =>
        effects.Sum(e => e.Value * (BehaviourMeasures.Of(e.Key, profile, lastYear) ?? 0));

    /// <summary>Groups of customers of whom a model expected the right number of occasions but for their behaviour; each differs from it by chance.</summary>
    public static IReadOnlyList<BehaviourGroup> Groups(
        int count,
        ulong seed,
        IReadOnlyDictionary<BehaviourMeasure, double> effects,
        Func<SeededRandom, (CustomerProfile Profile, InteractionCounts LastYear)>? behaviour = null,
        Func<CustomerProfile, double>? otherwise = null)
    {
        var random = new SeededRandom(seed);
        var records = new BehaviourRecords();
        var customers = new List<HeldOutCustomer>();
        var expected = new double[count];
        for (var i = 0; i < count; i++)
        {
            var (profile, lastYear) = (behaviour ?? Behaviour)(random);
            expected[i] = 1.5 * random.NextGamma(.6);
            var mean = expected[i] * random.NextGamma(2) / 2 * Math.Exp(Effect(effects, profile, lastYear)) * (otherwise?.Invoke(profile) ?? 1);
            customers.Add(default(HeldOutCustomer) with { Occasions = Poisson(random, mean) });
            records.Add(i, Key(random), profile, lastYear);
        }

        return records.Groups(customers, expected);
    }

    /// <summary>Customers with whole histories, whose time runs faster by the effect of their behaviour once the weeks are held out.</summary>
    public static List<CustomerFacts> Customers(Nbd model, int count, ulong seed, IReadOnlyDictionary<BehaviourMeasure, double> effects)
    {
        var random = new SeededRandom(seed);
        var buyers = new DaySimulator(model.Simulator(random), random);
        var customers = new List<CustomerFacts>();
        for (var i = 0; i < count; i++)
        {
            var (profile, lastYear) = Behaviour(random);
            var factor = Math.Exp(Effect(effects, profile, lastYear));
            var before = 100 + random.NextInt(500);
            int[] days = [0, .. buyers.NextCustomer(before + (int)Math.Round(factor * Weeks * 7))];
            int[] calendar = [.. days.Select(d => d <= before ? d : before + (int)Math.Ceiling((d - before) / factor)).Where(d => d <= before + (Weeks * 7)).Distinct()];
            var first = EndDay - (Weeks * 7) - before;
            customers.Add(new CustomerFacts
            {
                Key = Key(random),
                Purchases = CustomerSummary.Of([.. calendar.Select(d => first + d)], [.. calendar.Select(_ => 10_000_000L)], default, EndDay, Weeks * 7),
                HasTransactions = true,
                Profile = profile,
                LastYear = lastYear,
                LastYearBefore = lastYear,
            });
        }

        return customers;
    }

    public static CustomerBase Base(IEnumerable<CustomerFacts> customers)
    {
        var all = new CustomerBase();
        foreach (var customer in customers)
        {
            all.Add(customer, EndDay);
        }

        return all;
    }

    private static CustomerKey Key(SeededRandom random) => new(new UInt128(random.NextBits(), random.NextBits()));

    private static int Poisson(SeededRandom random, double mean)
    {
        var count = 0;
        for (var time = random.NextExponential(); time <= mean; time += random.NextExponential())
        {
            count++;
        }

        return count;
    }
}
