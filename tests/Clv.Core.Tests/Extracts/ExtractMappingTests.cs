using System.Text;
using System.Text.Json;
using Clv.Core.Extracts;

namespace Clv.Core.Tests.Extracts;

public class ExtractMappingTests
{
    [Theory]
    [InlineData("", 1, "JSON")]
    [InlineData("{", 1, "JSON")]
    [InlineData("[]", 1, "JSON")]
    [InlineData("{\n  \"timezone\": 5 }", 2, "timezone")]
    [InlineData("{\n\n \"colour\": 1 }", 3, "'colour'")]
    [InlineData("{\n \"transactions\": { \"columns\": {\n \"kunde\": \"x\" } } }", 3, "'kunde'")]
    [InlineData("{\n \"transactions\": { \"columns\": {\n \"amount\": { \"product\": [\"Menge\"] } } } }", 3, "\"amount\"")]
    [InlineData("{ \"transactions\": { \"columns\": { \"amount\": 5 } } }", 1, "\"amount\"")]
    [InlineData("{ \"transactions\": null }", 1, "'transactions'")]
    [InlineData("{ \"transactions\": { \"columns\": null } }", 1, "'columns'")]
    [InlineData("{ \"transactions\": { \"files\": null } }", 1, "'files'")]
    [InlineData("{ \"customers\": { \"columns\": { \"name\": \"x\" } } }", 1, "'name'")]
    [InlineData("{ \"contracts\": { \"columns\": { \"term\": \"x\" } } }", 1, "'term'")]
    [InlineData("{ \"interactions\": { \"values\": { \"cost\": {} } } }", 1, "'cost'")]
    [InlineData("{ \"customers\": { \"values\": { \"status\": {\n \"A\": \"lost\", \"A\": \"customer\" } } } }", 2, "Duplicate")]
    [InlineData("{ \"rates\": { \"values\": {} } }", 1, "'values'")]
    [InlineData("{ \"dateFormats\": null }", 1, "'dateFormats'")]
    [InlineData("{ \"dateFormats\": \"dd.MM.yyyy\" }", 1, "dateFormats")]
    [InlineData("{ \"separator\": \";\",\n \"separator\": \",\" }", 2, "separator")]
    public void Parse_BrokenMapping_IsRefusedWithFileLineAndProperty(string json, int line, string property)
    {
        var refused = Assert.Throws<ExtractRefusedException>(() => ExtractFile.Mapping(json));

        Assert.StartsWith($"mapping.json, line {line}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(property, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encoding", "\"utf-7\"")]
    [InlineData("encoding", "\"nope\"")]
    [InlineData("encoding", "\"\"")]
    [InlineData("timeZone", "\"Mars/Olympus\"")]
    [InlineData("timeZone", "\"\"")]
    [InlineData("decimalSeparator", "\"'\"")]
    [InlineData("separator", "\"\"")]
    [InlineData("separator", "\";;\"")]
    [InlineData("separator", "\"a\"")]
    [InlineData("separator", "\"\\u0000\"")]
    [InlineData("separator", "\"§\"")]
    [InlineData("reportingCurrency", "\"Euro\"")]
    [InlineData("reportingCurrency", "\"€\"")]
    [InlineData("dateFormats", "[\"dd.mm.yyyy\"]")]
    [InlineData("dateFormats", "[\"dd.MM.yyyy\", null]")]
    public void Parse_ValueThatCannotBeUsed_IsRefusedWithItsProperty(string property, string value)
    {
        var refused = Assert.Throws<ExtractRefusedException>(() => ExtractFile.Mapping($"{{ \"{property}\": {value} }}"));

        Assert.StartsWith($"mapping.json: the value of \"{property}\" cannot be used: give ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AnyAsciiSeparator_IsRefusedOrWorks()
    {
        for (var c = '\0'; c < 128; c++)
        {
            ExtractMapping mapping;
            try
            {
                mapping = ExtractFile.Mapping($"{{ \"separator\": {JsonSerializer.Serialize(c.ToString())} }}");
            }
            catch (ExtractRefusedException)
            {
                continue;
            }

            using var reader = ExtractFile.Open(Encoding.ASCII.GetBytes($"customer{c}date{c}amount\n"), mapping);
            Assert.False(reader.Read());
        }
    }

    [Fact]
    public void Parse_CommentsMarkAndNull_AreUnderstood()
    {
        var mapping = ExtractMapping.Parse("\uFEFF{ // our shop\n \"separator\": \"\\t\", \"timeZone\": \"Europe/Berlin\", }"u8);

        Assert.Equal("\t", mapping.Separator);
        Assert.Same(ExtractMapping.None, ExtractMapping.Parse("null"u8));
        Assert.Equal(ExtractMapping.None.DateFormats, ExtractMapping.Parse("{}"u8).DateFormats);
    }

    [Theory]
    [InlineData("transactions.csv", true)]
    [InlineData("Transactions-2024.CSV.gz", true)]
    [InlineData("transactions.txt", false)]
    [InlineData("customers.csv", false)]
    public void IsTransactions_WithoutAMapping_GoesByTheContractsName(string file, bool expected) =>
        Assert.Equal(expected, ExtractMapping.None.IsTransactions(file));

    [Fact]
    public void IsTransactions_WithAMapping_GoesByItsPatterns()
    {
        var mapping = ExtractFile.Mapping("{ \"transactions\": { \"files\": [\"orders_?.csv\", \"returns*\"] } }");

        Assert.True(mapping.IsTransactions("orders_1.csv"));
        Assert.True(mapping.IsTransactions("returns.csv.gz"));
        Assert.False(mapping.IsTransactions("orders_12.csv"));
        Assert.False(mapping.IsTransactions("transactions.csv"));
    }

    [Theory]
    [InlineData("customers.csv", true)]
    [InlineData("Customers-2024.CSV.gz", true)]
    [InlineData("customers.txt", false)]
    [InlineData("transactions.csv", false)]
    public void IsCustomers_WithoutAMapping_GoesByTheContractsName(string file, bool expected) =>
        Assert.Equal(expected, ExtractMapping.None.IsCustomers(file));

    [Fact]
    public void IsCustomers_WithAMapping_GoesByItsPatternsUnlessTransactions()
    {
        var mapping = ExtractFile.Mapping("{ \"customers\": { \"files\": [\"*.csv\"] } }");

        Assert.True(mapping.IsCustomers("Kunden.csv"));
        Assert.False(mapping.IsCustomers("transactions.csv"));
        Assert.False(mapping.IsCustomers("customers.csv.gz"));
    }

    [Theory]
    [InlineData("transactions.csv", "transactions")]
    [InlineData("customers_1.csv.gz", "customers")]
    [InlineData("contracts.csv", "contracts")]
    [InlineData("Contracts-2024.CSV.gz", "contracts")]
    [InlineData("interactions2.csv", "interactions")]
    [InlineData("rates.csv", "rates")]
    [InlineData("rates.csv.gz", "rates")]
    [InlineData("rates.txt", "")]
    [InlineData("erasures.csv", "")]
    public void Is_WithoutAMapping_GoesByTheContractsName(string file, string part) => Assert.Equal(part, PartOf(ExtractMapping.None, file));

    [Fact]
    public void Is_PatternsOfSeveralParts_GivesTheFileToTheFirst()
    {
        var mapping = ExtractFile.Mapping(
            """
            { "transactions": { "files": ["t*"] }, "customers": { "files": ["*1"] }, "contracts": { "files": ["*1", "*2"] },
              "interactions": { "files": ["*2", "*3"] }, "rates": { "files": ["*"] } }
            """);

        Assert.Equal(
            ["transactions", "customers", "contracts", "interactions", "rates"],
            new[] { "t3", "x1", "x2", "x3", "x4" }.Select(file => PartOf(mapping, file)));
    }

    [Theory]
    [InlineData("customers", "status", "{ \"Lead\": \"suspect\" }", "customer, prospect or lost")]
    [InlineData("customers", "status", "{ \"Lead\": null }", "customer, prospect or lost")]
    [InlineData("customers", "consent", "{ \"A\": \"perhaps\" }", "yes or no")]
    [InlineData("interactions", "kind", "{ \"Anruf\": \"call\" }", "service_call, complaint, ")]
    public void Parse_ValueMappedToWhatTheContractDoesNotKnow_IsRefused(string part, string column, string values, string expected)
    {
        var refused = Assert.Throws<ExtractRefusedException>(
            () => ExtractFile.Mapping($"{{ \"{part}\": {{ \"values\": {{ \"{column}\": {values} }} }} }}"));

        Assert.StartsWith($"mapping.json: the value of \"{part}.values.{column}\" cannot be used: give ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_EveryReason_HasASentence() =>
        Assert.All(Enum.GetValues<QuarantineReason>(), static reason => Assert.NotEmpty(reason.Describe()));

    private static string PartOf(ExtractMapping mapping, string file) => string.Join(
        " and ",
        new (string Part, bool Holds)[]
        {
            ("transactions", mapping.IsTransactions(file)),
            ("customers", mapping.IsCustomers(file)),
            ("contracts", mapping.IsContracts(file)),
            ("interactions", mapping.IsInteractions(file)),
            ("rates", mapping.IsRates(file)),
        }.Where(static p => p.Holds).Select(static p => p.Part));
}
