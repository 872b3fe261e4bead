using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Models;
using Clv.Core.Models.Contracts;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Valuation;

internal sealed record SomeCustomer(CustomerFacts Facts, IReadOnlyList<PurchaseRow> Rows);

/// <summary>Customers, models and profiles of every kind, drawn from a seed.</summary>
internal static class SomeCustomers
{
    public static readonly int EndDay = new DateOnly(2026, 6, 30).DayNumber;

    public static SomeCustomer Customer(Random random)
    {
        var rows = random.Next(6) switch
        {
            0 => [],
            1 => Rows(random, 1, 0),
            2 => Rows(random, 1 + random.Next(3), 1),
            _ => Rows(random, 2 + random.Next(25), 0.2),
        };
        return new SomeCustomer(Facts(rows) with
        {
            Profile = random.Next(5) == 0 ? null : new CustomerProfile
            {
                Segment = random.Next(3) == 0 ? "own" : null,
                AcquisitionCost = random.Next(3) == 0 ? null : Amount(random, 0, 90),
                Nps = random.Next(2) == 0 ? null : random.Next(11),
                PaymentDelayDays = random.Next(3) == 0 ? null : random.Next(60),
            },
            Contracts = [.. Enumerable.Range(0, Math.Max(0, random.Next(6) - 2)).Select(i => Contract(random, i)).OrderBy(static c => c.StartedOn)],
            Costs = random.Next(3) == 0 ? default : new InteractionCosts(Amount(random, 0, 50), Amount(random, 0, 20), Amount(random, 0, 10)),
            LastYear = new InteractionCounts(random.Next(4), random.Next(3), random.Next(20), random.Next(9), random.Next(2), random.Next(5), random.Next(3)),
        }, rows);
    }

    public static Valuer Valuer(Random random, bool intervals = true)
    {
        ITransactionModel transactions = random.Next(6) switch
        {
            0 => new MbgNbd(0.5, 6, 0.6, 2),
            1 => new ParetoNbd(0.55, 10.6, 0.61, 11.7),
            2 => new Nbd(0.9, 12),
            3 => new Poisson(0.11),
            _ => new BgNbd(0.243, 4.414, 0.793, 2.426),
        };
        ISpendModel? spend = random.Next(6) switch
        {
            0 => null,
            1 => new FrequencySpend(new GammaGamma(6.25, 3.74, 15.44), 0.14),
            2 => new ShrunkSpend(40, 33, 0.6, 0.4),
            3 => new ShrunkSpend(40, 33, 0, 0),
            _ => new GammaGamma(6.25, 3.74, 15.44),
        };
        ShrunkShare? margins = random.Next(3) == 0 ? null : new ShrunkShare(0.42, 130);
        var common = new CustomerModels(
            transactions,
            spend,
            random.Next(3) == 0 ? null : new NetRates(random.Next(3) == 0 ? null : new ShrunkShare(0.97, 6), new ShrunkShare(0.93, 220)),
            margins,
            random.Next(3) == 0 ? null : new ValueIntervals([transactions], spend is null ? [] : [spend]));
        var own = common with { Margins = margins is null ? null : new ShrunkShare(0.2, 50) };
        var behaviour = random.Next(3) == 0 ? null : new BehaviourEffects(-0.04, [
            new(BehaviourMeasure.Nps, 0.06, 0.01, 6.5, 800),
            new(BehaviourMeasure.Complaints, -0.3, 0.09, 0.2, 2000),
            new(BehaviourMeasure.CampaignClicks, 0.11, 0.03, 0.7, 2000),
        ]);
        var contracts = random.Next(4) == 0
            ? ContractModels.None
            : new ContractModels(((int[])[1, 3, 12]).ToDictionary(
                static months => months,
                _ => new TermModels(
                    random.Next(3) == 0 ? null : new ShiftedBetaGeometric(0.7, 3.2),
                    new Dictionary<string, IContractModel>(StringComparer.Ordinal) { ["Plus"] = new BetaDiscreteWeibull(0.9, 3.1, 1.4) })));
        return new Valuer(
            new ValuationModels(
                new SegmentedModels(common, new Dictionary<string, CustomerModels>(StringComparer.Ordinal) { ["own"] = own }),
                contracts,
                behaviour,
                random.Next(3) == 0 ? null : new ShrunkShare(14, 1.5)),
            IndustryProfile.Default with
            {
                Margins = new MarginRates { Contracts = random.Next(2) == 0 ? null : 0.61 },
                Costs = new CostRates { Capital = random.Next(3) == 0 ? null : 0.08 },
                Contracts = new ContractTerms { FeesInTransactions = random.Next(4) == 0 },
            },
            new ValuationTerms(random.Next(4) == 0 ? 26 : 156, random.Next(4) == 0 ? 0 : 0.09),
            EndDay,
            intervals);
    }

    /// <summary>What a night would know of somebody with these rows.</summary>
    public static CustomerFacts Facts(IReadOnlyList<PurchaseRow> rows)
    {
        PurchaseRow[] sorted = [.. rows.OrderBy(static row => row.Day)];
        return new CustomerFacts
        {
            Key = default,
            HasTransactions = rows.Count > 0,
            Purchases = CustomerSummary.Of(
                [.. sorted.Select(static row => row.Day)],
                [.. sorted.Select(static row => (long)row.Amount.Micros)],
                [.. sorted.Select(static row => (long?)row.Margin?.Micros ?? TransactionReader.NoMargin)],
                EndDay,
                holdoutDays: 0),
        };
    }

    public static Money Euro(decimal amount) => new((Int128)(amount * Money.Scale));

    private static PurchaseRow[] Rows(Random random, int count, double returns) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var amount = random.NextDouble() < returns ? Amount(random, -60, -1) : Amount(random, 0, 200);
        Money? margin = random.Next(3) == 0 ? null : new Money(amount.Micros * random.Next(10, 70) / 100);
        return new PurchaseRow(EndDay - random.Next(900), amount, margin);
    })];

    private static Contract Contract(Random random, int number)
    {
        var start = EndDay - random.Next(-20, 1500);
        return new Contract
        {
            Id = $"c{number}",
            StartedOn = start,
            TermMonths = random.Next(6) == 0 ? null : (int[])[1, 3, 12, 24] is var terms ? terms[random.Next(4)] : 0,
            RenewsOn = random.Next(5) == 0 ? EndDay + random.Next(90) : null,
            FeePerTerm = random.Next(6) == 0 ? null : Amount(random, 1, 300),
            CancelledOn = random.Next(5) == 0 ? Math.Max(start, EndDay - random.Next(-200, 200)) : null,
            Product = random.Next(3) switch { 0 => "Plus", 1 => "Basic", _ => null },
        };
    }

    private static Money Amount(Random random, int from, int to) => new(random.NextInt64(from * Money.Scale, to * Money.Scale));
}
