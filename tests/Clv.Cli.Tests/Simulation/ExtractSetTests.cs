using System.Text;
using Clv.Cli.Simulation;
using Clv.Core.Extracts;
using Clv.Core.Industry;
using Clv.Core.Relationship;
using Clv.Functions.Night;

namespace Clv.Cli.Tests.Simulation;

public sealed class ExtractSetTests
{
    private static readonly DateOnly Until = new(2026, 11, 20);

    [Fact]
    public void Write_SameSeed_GivesTheSameBytesAndAnotherSeedOthers()
    {
        using var first = new GeneratedFiles(Until, customers: 300);
        using var second = new GeneratedFiles(Until, customers: 300);
        using var other = new GeneratedFiles(Until, customers: 300, seed: 2);

        Assert.Equal(first.Names(), second.Names());
        Assert.All(first.Names(), name => Assert.Equal(first.Bytes(name), second.Bytes(name)));
        Assert.NotEqual(first.Bytes("transactions.csv"), other.Bytes("transactions.csv"));
    }

    [Fact]
    public void Write_DefaultSet_HasEverythingThatTheContractKnows()
    {
        using var set = new GeneratedFiles(Until);

        AllOf(set.Column("interactions", "kind"), "service_call", "complaint", "campaign_open", "campaign_click", "social", "visit", "return");
        AllOf(set.Column("customers", "status"), "customer", "prospect", "lost");
        AllOf(set.Column("customers", "consent"), "true", "false", "");
        AllOf(set.Column("customers", "segment"), "Private", "Business");
        AllOf(set.Column("customers", "acquisition_channel"), [.. Market.Channels.Select(static c => c.Name)]);
        AllOf(set.Column("customers", "region"), [.. Market.Regions.Select(static r => r.Name)]);
        AllOf(set.Column("transactions", "currency"), "", "USD", "CHF", "GBP");
        AllOf(set.Column("transactions", "category"), [.. Goods.Categories.Select(static c => c.Name), ""]);
        AllOf(set.Column("contracts", "product"), [.. Market.Products.Select(static p => p.Name)]);
        AllOf(set.Column("rates", "currency"), "USD", "CHF", "GBP");
        Assert.Contains(set.Column("transactions", "amount"), static amount => amount.StartsWith('-'));
        Both(set.Column("transactions", "margin"));
        Both(set.Column("customers", "nps"));
        Both(set.Column("customers", "payment_delay_days"));
        Both(set.Column("customers", "acquisition_cost"));
        Both(set.Column("interactions", "cost"));
        Both(set.Column("contracts", "cancelled_on"));
        Assert.Contains(set.Column("contracts", "renews_on").Where(static d => d != ""), static d => Day(d) <= Until.AddDays(60));
        Both(set.Column("customers", "phone"));
        Both(set.Column("customers", "email"));
        // Some people share a number, and some have two.
        Assert.Contains(set.Column("customers", "phone").Where(static phone => phone != "").CountBy(static phone => phone), static phone => phone.Value > 1);
        Assert.Contains(set.Column("customers", "phone"), static phone => phone.Contains(';', StringComparison.Ordinal));
        // Nobody is reached by any of them.
        Assert.All(set.Column("customers", "email").Where(static email => email != ""), static email => Assert.EndsWith("@example.com", email, StringComparison.Ordinal));
        Assert.All(
            set.Column("customers", "phone").SelectMany(static phones => phones.Split("; ", StringSplitOptions.RemoveEmptyEntries)),
            static phone => Assert.Matches(@"^\+49 (30 23125\d{3}|40 66969\d{3}|69 90009\d{3}|89 99998\d{3}|221 4710\d{3}|171 39200\d{2})$", phone));

        static void AllOf(List<string> cells, params string[] values) => Assert.Equal(values.Order(StringComparer.Ordinal), cells.Distinct().Order(StringComparer.Ordinal));
        static void Both(List<string> cells) => Assert.Equal([false, true], cells.Select(static c => c == "").Distinct().Order());
    }

    [Fact]
    public void Write_TransactionIds_AreUnique()
    {
        using var set = new GeneratedFiles(Until, customers: 300);

        var ids = set.Column("transactions", "transaction_id");
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Write_Manifest_NamesTheFilesWithTheirRows()
    {
        using var set = new GeneratedFiles(Until, customers: 300);

        var manifest = ExtractManifest.Parse(new BinaryData(set.Bytes("manifest.json")));
        Assert.Equal(ExtractKind.Snapshot, manifest.Kind);
        Assert.Equal(["transactions.csv", "customers.csv", "contracts.csv", "interactions.csv", "rates.csv"], manifest.Files.Select(static f => f.Name));
        Assert.All(manifest.Files, file => Assert.Equal(set.Lines(Path.GetFileNameWithoutExtension(file.Name)).Length, file.Rows));
    }

    [Fact]
    public void Write_AWeekLater_TellsTheSameStoryWithMoreInIt()
    {
        using var before = new GeneratedFiles(Until);
        using var after = new GeneratedFiles(Until.AddDays(7));

        foreach (var (table, date) in (ReadOnlySpan<(string, string)>)[("transactions", "occurred_at"), ("interactions", "occurred_at"), ("rates", "date")])
        {
            var (old, now) = (before.Lines(table), after.Lines(table));
            var added = now.Except(old).ToList();
            Assert.Empty(old.Except(now));
            Assert.All(before.Column(table, date), static day => Assert.True(Day(day) <= Until));
            Assert.All(added, row => Assert.InRange(Day(row.Split(',')[1]), Until.AddDays(1), Until.AddDays(7)));
            Assert.Equal(table != "rates", added.Count > 0);
        }

        var status = before.Column("customers", "customer_id").Zip(before.Column("customers", "status")).ToDictionary(static c => c.First, static c => c.Second);
        var later = after.Column("customers", "customer_id").Zip(after.Column("customers", "status")).ToDictionary(static c => c.First, static c => c.Second);
        Assert.Empty(status.Keys.Except(later.Keys));
        Assert.Contains(status, c => c.Value == "prospect" && later[c.Key] == "customer");
        Assert.DoesNotContain(status, c => c.Value != "prospect" && later[c.Key] == "prospect");

        var contracts = Cancellations(before);
        var laterContracts = Cancellations(after);
        Assert.Empty(contracts.Keys.Except(laterContracts.Keys));
        Assert.All(contracts, static c => Assert.True(c.Value == "" || Day(c.Value) <= Until));
        Assert.All(contracts.Where(static c => c.Value != ""), c => Assert.Equal(c.Value, laterContracts[c.Key]));
        Assert.Contains(contracts, c => c.Value == "" && laterContracts[c.Key] != "" && Day(laterContracts[c.Key]) > Until);

        static Dictionary<string, string> Cancellations(GeneratedFiles set) =>
            set.Column("contracts", "contract_id").Zip(set.Column("contracts", "cancelled_on")).ToDictionary(static c => c.First, static c => c.Second);
    }

    [Fact]
    public void Write_Delta_HoldsExactlyWhatIsNewOrDifferent()
    {
        using var before = new GeneratedFiles(Until);
        using var after = new GeneratedFiles(Until.AddDays(7));
        using var delta = new GeneratedFiles(Until.AddDays(7), since: Until);

        Assert.Equal(ExtractKind.Delta, ExtractManifest.Parse(new BinaryData(delta.Bytes("manifest.json"))).Kind);
        foreach (var table in (string[])["transactions", "customers", "contracts", "interactions"])
        {
            // Counted, because a person may have the same contact twice on a day.
            Assert.Equal(after.Lines(table).Except(before.Lines(table)), delta.Lines(table).Distinct());
            Assert.NotEmpty(delta.Lines(table));
        }

        Assert.Equal(after.Lines("rates"), delta.Lines("rates"));
    }

    [Fact]
    public void Write_German_ReadsThroughItsMappingAsTheContractDoes()
    {
        using var contract = new GeneratedFiles(Until, customers: 300);
        using var german = new GeneratedFiles(Until, customers: 300, format: ExtractFormat.German);
        var (own, mapping) = (ExtractMapping.Parse(contract.Bytes("mapping.json")), ExtractMapping.Parse(german.Bytes("mapping.json")));

        Assert.True(mapping.IsTransactions("Belege.csv"));
        Assert.True(mapping.IsCustomers("Kunden.csv"));
        Assert.Equal("Währung", mapping.Transactions.Columns.Currency);
        var expected = Transactions(contract.Bytes("transactions.csv"), own);
        Assert.Equal(expected, Transactions(german.Bytes("Belege.csv"), mapping));
        Assert.Contains(expected, static row => row.Micros < 0);
        var customers = Segments(contract.Bytes("customers.csv"), own);
        Assert.Equal(customers.Select(static c => (c.Id, c.Segment)), Segments(german.Bytes("Kunden.csv"), mapping).Select(static c => (c.Id, c.Segment)));
        Assert.Contains(Segments(german.Bytes("Kunden.csv"), mapping), static c => c.Label == "Geschäftskunden");
        // 0171/3920012 is +49 171 3920012.
        Assert.Contains("030/23125", Encoding.Latin1.GetString(german.Bytes("Kunden.csv")), StringComparison.Ordinal);
        Assert.Equal(Contacts(contract.Bytes("customers.csv"), own), Contacts(german.Bytes("Kunden.csv"), mapping));
    }

    [Fact]
    public void Write_OwnProfile_HasTheMarginsOfTheGoodsByTheNamesOfTheRows()
    {
        using var english = new GeneratedFiles(Until, customers: 300);
        using var german = new GeneratedFiles(Until, customers: 300, format: ExtractFormat.German);

        foreach (var (set, format) in (ReadOnlySpan<(GeneratedFiles, ExtractFormat)>)[(english, ExtractFormat.English), (german, ExtractFormat.German)])
        {
            var profile = IndustryProfile.Parse(set.Bytes(IndustryProfile.FileName));
            Assert.Equal(
                Goods.Categories.Select(c => (format.Name(c.Name), c.Margin)).Order(),
                profile.Margins.Categories.Select(static m => (m.Key, m.Value)).Order());
        }
    }

    [Fact]
    public void Write_OwnProfile_AssumesACostOfEveryActionAndKnowsThatOfEveryContact()
    {
        using var set = new GeneratedFiles(Until, customers: 300);

        var profile = IndustryProfile.Parse(set.Bytes(IndustryProfile.FileName));
        Assert.Equal(
            Enum.GetValues<ActionKind>().Select(Codes.Of).Order(StringComparer.Ordinal), profile.Actions.Assumptions.Keys.Order(StringComparer.Ordinal));
        var costs = profile.Costs;
        Assert.DoesNotContain(
            null, (decimal?[])[costs.ServiceCall, costs.Complaint, costs.CampaignOpen, costs.CampaignClick, costs.Social, costs.Visit, costs.Return]);
    }

    [Fact]
    public void Write_Flaws_AreSetAsideAndTheOthersRead()
    {
        using var set = new GeneratedFiles(Until, customers: 300, flaws: 0.1);
        var reasons = new List<QuarantineReason>();
        using var reader = new TransactionReader(
            new MemoryStream(set.Bytes("transactions.csv")), "transactions.csv", ExtractMapping.None, ExtractRules.Any, row => reasons.Add(row.Reason));
        while (reader.Read())
        {
        }

        Assert.Equal(set.Written[0].Rows, reader.RowsRead);
        Assert.Contains(QuarantineReason.NotADate, reasons);
        Assert.Contains(QuarantineReason.FieldCount, reasons);
        Assert.Contains("XTS", set.Column("transactions", "currency"));
        Assert.InRange(reasons.Count(static r => r is not QuarantineReason.NoRate) / (double)reader.RowsRead, 0.04, 0.10);
    }

    private static List<(string Id, int Day, long Micros, long Margin, string Transaction)> Transactions(byte[] file, ExtractMapping mapping)
    {
        var rows = new List<(string, int, long, long, string)>();
        using var reader = new TransactionReader(new MemoryStream(file), "transactions", mapping, ExtractRules.Any, static _ => { });
        while (reader.Read())
        {
            rows.Add((Encoding.UTF8.GetString(reader.CustomerId), reader.Day, reader.Micros, reader.Margin, Encoding.UTF8.GetString(reader.TransactionId)));
        }

        return rows;
    }

    private static List<(string Id, int Segment, string Label)> Segments(byte[] file, ExtractMapping mapping)
    {
        var rows = new List<(string, int, string)>();
        using var reader = new CustomerReader(
            new MemoryStream(file), "customers", mapping, ExtractRules.Any, static row => Assert.Fail($"line {row.Line}: {row.Reason}"));
        while (reader.Read())
        {
            rows.Add((Encoding.UTF8.GetString(reader.CustomerId), reader.Segment, reader.Labels[reader.Segment]));
        }

        return rows;
    }

    private static List<string> Contacts(byte[] file, ExtractMapping mapping)
    {
        var rows = new List<string>();
        using var reader = new CustomerReader(
            new MemoryStream(file), "customers", mapping, ExtractRules.Any with { PhoneRegion = "DE" }, static row => Assert.Fail($"line {row.Line}: {row.Reason}"));
        while (reader.Read())
        {
            rows.Add(string.Join(' ', reader.Contacts.Select(static contact => contact.Normal)));
        }

        Assert.Equal((0, 0), (reader.UnusablePhones, reader.UnusableEmails));
        return rows;
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");
}
