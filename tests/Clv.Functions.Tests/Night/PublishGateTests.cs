using Clv.Functions.Night;

namespace Clv.Functions.Tests.Night;

/// <summary>When a run is held, and when it is not.</summary>
public sealed class PublishGateTests
{
    private static readonly GateLimits Limits = new()
    {
        MinimumCustomerShare = 0.5,
        MaximumCustomerShare = 2,
        MaximumGoneShare = 0.5,
        MaximumValueChange = 0.5,
        MaximumQuarantineShare = 0.1,
        MaximumErasedShare = 0.1,
        MaximumModelAgeDays = 30,
    };

    private static readonly DateOnly Date = new(2026, 11, 20);

    [Fact]
    public void Reasons_OfANightLikeTheLast_AreNone() => Assert.Empty(Reasons(Evidence(customers: 410, future: 1020, before: (400, 1000), gone: 3)));

    [Fact]
    public void Reasons_OfAFirstNight_AreNone() => Assert.Empty(Reasons(Evidence(customers: 3, future: 1)));

    [Theory]
    [InlineData(199, 400, "The run has 199 customers, the published run r00001 has 400: less than 50 % of them (Clv:MinimumCustomerShare)")]
    [InlineData(801, 400, "The run has 801 customers, the published run r00001 has 400: more than 200 % of them (Clv:MaximumCustomerShare)")]
    [InlineData(0, 12, "less than 50 %")]
    [InlineData(200, 400, null)]
    [InlineData(800, 400, null)]
    // A handful more or fewer is no sign of anything in a small base.
    [InlineData(3, 12, null)]
    [InlineData(11, 2, null)]
    // A firm that begins.
    [InlineData(500, 0, null)]
    public void Reasons_CustomersOutsideTheShares_NameBothFigures(long customers, long before, string? reason) =>
        AssertOnly(reason, Reasons(Evidence(customers, future: 1000, before: (before, 1000))));

    [Theory]
    [InlineData(201, 400, "Of the 400 people of run r00001 of 2026-11-13, 201 are not there any more, more than 50 % (Clv:MaximumGoneShare)")]
    [InlineData(200, 400, null)]
    [InlineData(9, 10, null)]
    [InlineData(10, 10, "10 are not there any more")]
    public void Reasons_PeopleGone_NameBothFigures(long gone, long persons, string? reason) =>
        AssertOnly(reason, Reasons(Evidence(customers: 400, future: 1000, before: (400, 1000), gone, persons)));

    [Theory]
    [InlineData(1501, 1000, "The total future value is 1,501.00, that of the published run r00001 is 1,000.00: a change of 50.1 %, more than 50 % (Clv:MaximumValueChange)")]
    [InlineData(499, 1000, "a change of 50.1 %")]
    [InlineData(-600, 1000, "a change of 160 %")]
    [InlineData(1500, 1000, null)]
    [InlineData(-1400, -1000, null)]
    // Near zero a share says nothing: measured by a unit of the currency for each of the 400 customers.
    [InlineData(190, 3, null)]
    [InlineData(-150, 0, null)]
    [InlineData(250, 0, "a change of 62.5 %")]
    public void Reasons_ValueChanged_NameBothFigures(int future, int before, string? reason) =>
        AssertOnly(reason, Reasons(Evidence(customers: 400, future, before: (400, before))));

    [Fact]
    public void Reasons_ValueOverAnotherHorizon_SaySo()
    {
        var evidence = Evidence(customers: 400, future: 1900, before: (400, 1000), horizon: 104);

        Assert.Contains("104 weeks at 10 % a year now, 52 at 10 % then", Assert.Single(Reasons(evidence)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_ValueOfMarginsAfterRevenue_SaySo()
    {
        var now = Evidence(customers: 400, future: 350, before: (400, 1000)) with { Margins = true };

        Assert.Contains(
            "Values are contribution margins now, revenue then",
            Assert.Single(Reasons(now with { Served = now.Served! with { Margins = false } })),
            StringComparison.Ordinal);
        Assert.DoesNotContain("Values are", Assert.Single(Reasons(now with { Served = now.Served! with { Margins = true } })), StringComparison.Ordinal);
        Assert.DoesNotContain("Values are", Assert.Single(Reasons(now)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_ValueInAnotherCurrencyOrOfAnEarlierVersion_IsNotCompared()
    {
        Assert.Empty(Reasons(Evidence(customers: 400, future: 9000, before: (400, 1000), currency: "USD")));
        var earlier = Evidence(customers: 400, future: 9000, before: (400, 1000));
        var run = earlier.Served!.Run;
        Assert.Empty(Reasons(earlier with { Served = earlier.Served with { Run = run with { Settings = run.Settings! with { HistoryFormat = null } } } }));
        Assert.Empty(Reasons(earlier with { Served = earlier.Served with { Books = new LastBooks() } }));
    }

    [Theory]
    [InlineData(100, 11, "Of 100 rows of transactions.csv, 11 were set aside, more than 10 % (Clv:MaximumQuarantineShare), mostly with the reason: not a date in the expected format: use yyyy-MM-dd or dd.MM.yyyy, or set dateFormats in mapping.json; clv-quarantine/r00002/transactions.csv.csv has them.")]
    [InlineData(100, 10, null)]
    [InlineData(9, 9, null)]
    [InlineData(10, 10, "10 were set aside")]
    public void Reasons_RowsSetAside_HoldTheFirstNightToo(long read, long quarantined, string? reason) =>
        AssertOnly(reason, Reasons(Evidence(customers: 400, future: 1000, files: [File("transactions.csv", read, quarantined), File("customers.csv", 50, 0)])));

    [Fact]
    public void Reasons_ModelsKeptTooLong_NameTheOldest()
    {
        var kept = new[]
        {
            new KeptModel("purchases", "r00001", Date.AddDays(-30)),
            new KeptModel("contracts of 12 months", "r00000", Date.AddDays(-31)),
        };

        var one = Assert.Single(Reasons(Evidence(customers: 400, future: 1000) with { Kept = kept }));
        Assert.Contains("The model of contracts of 12 months is that of run r00000 of 2026-10-20, 31 days ago:", one, StringComparison.Ordinal);
        Assert.Contains("kept for 30 days (Clv:MaximumModelAgeDays)", one, StringComparison.Ordinal);
        Assert.Empty(Reasons(Evidence(customers: 400, future: 1000) with { Kept = kept[..1] }));
        var unknown = Assert.Single(Reasons(Evidence(customers: 400, future: 1000) with { Kept = [.. kept, new KeptModel("purchases in segment gold", "r00009", null)] }));
        Assert.Contains("run r00009 of which there is no record any more, and 1 others like it", unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_WhatWasRolledBack_HoldsWhatWouldBringItBack()
    {
        var evidence = Evidence(customers: 400, future: 1000, before: (400, 1000));
        var onIt = evidence with { Run = evidence.Run with { Id = "r00003", Settings = evidence.Run.Settings! with { BaseRun = "r00002" } } };

        Assert.Contains("history of run r00002, from which lookups were rolled back to run r00001", Assert.Single(Reasons(onIt)), StringComparison.Ordinal);
        Assert.Contains("very files and settings of run r00002", Assert.Single(Reasons(evidence with { RolledBackTwin = "r00002" })), StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_WithLimitsWideOpen_AreNone()
    {
        var open = new GateLimits
        {
            MinimumCustomerShare = 0,
            MaximumCustomerShare = 1e9,
            MaximumGoneShare = 1,
            MaximumValueChange = 1e9,
            MaximumQuarantineShare = 1,
            MaximumErasedShare = 1,
            MaximumModelAgeDays = 3650,
        };
        var evidence = Evidence(customers: 1, future: 1_000_000, before: (5000, 0), gone: 400, persons: 400, files: [File("transactions.csv", 100, 100)]) with
        {
            Kept = [new KeptModel("purchases", "r00001", Date.AddDays(-3000))],
        };

        Assert.Equal(5, Reasons(evidence).Count);
        Assert.Empty(PublishGate.Reasons(evidence, open));
    }

    private static IReadOnlyList<string> Reasons(GateEvidence evidence) => PublishGate.Reasons(evidence, Limits);

    private static void AssertOnly(string? reason, IReadOnlyList<string> reasons)
    {
        if (reason is null)
        {
            Assert.Empty(reasons);
        }
        else
        {
            Assert.Contains(reason, Assert.Single(reasons), StringComparison.Ordinal);
        }
    }

    private static GateEvidence Evidence(
        long customers,
        decimal future,
        (long Customers, decimal Future)? before = null,
        long gone = 0,
        long persons = 400,
        IReadOnlyList<FileBooks>? files = null,
        double horizon = 52,
        string currency = "EUR")
    {
        var then = Settings(52, "EUR");
        var now = Settings(horizon, currency) with { ComparedRun = before is null ? null : "r00001", ComparedDate = Date.AddDays(-7) };
        return new GateEvidence(
            new Run("r00002", Date, RunState.Running, null, default, null, now),
            new Books(files ?? [], customers, customers, 0, customers, customers, 0, 0, 0, 0, 0, future, future, 0, 0) { Gone = gone },
            before is { } last
                ? new ServedBooks(
                    new Run("r00001", Date.AddDays(-7), RunState.Published, null, default, null, then), new LastBooks(last.Customers, persons, last.Future))
                : null,
            before is null ? null : persons,
            []);
    }

    private static RunSettings Settings(double horizon, string currency) => new()
    {
        Snapshot = true,
        Partitions = 4,
        HorizonWeeks = horizon,
        DiscountRate = 0.1,
        FitCustomers = 1000,
        HashKeyFingerprint = "",
        HistoryFormat = RunSettings.CurrentHistoryFormat,
        Currency = currency,
    };

    private static FileBooks File(string name, long read, long quarantined) => new(
        name, read, read - quarantined, 0, quarantined, 0, new Dictionary<string, long> { ["NotADate"] = quarantined, ["Empty"] = 0 }, [], 0, 0);
}
