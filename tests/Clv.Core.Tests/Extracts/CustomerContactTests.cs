using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.Tests.Extracts;

public class CustomerContactTests
{
    private static readonly ExtractRules German = RowFile.Rules with { PhoneRegion = "DE" };

    [Fact]
    public void Read_PhonesAndEmails_AreThoseOfTheRowInOneSpelling()
    {
        var file = Read("customer_id,phone,email\na,030/23125000,A@Example.com\nb,,\nc,+49 171 3920012; 030/23125000,b@example.com\n", out var counted);

        Assert.Equal(["+493023125000 a@example.com", "", "+491713920012 +493023125000 b@example.com"], file.Used);
        Assert.Equal((0, 0), counted);
        Assert.Empty(file.Unknown);
    }

    [Fact]
    public void Read_SeveralColumns_AreAllRead()
    {
        var file = Read("customer_id,Phone,Mobile Phone,E-Mail,Email,Telefon 2\na,030/23125000,0171/3920012,x@example.com,y@example.com,040/66969123\n", out _);

        Assert.Equal(["+493023125000 +491713920012 +494066969123 x@example.com y@example.com"], file.Used);
        Assert.Empty(file.Unknown);
    }

    [Theory]
    [InlineData("\"Festnetz\"", "+493023125000", "Mobil")]
    [InlineData("[\"Festnetz\", \"Mobil\"]", "+493023125000 +491713920012", "")]
    public void Read_MappedColumns_AreThoseThatTheMappingNames(string headers, string numbers, string unknown)
    {
        var mapping = ExtractFile.Mapping($$"""{ "customers": { "columns": { "phone": {{headers}} } } }""");

        var file = Read("customer_id,Festnetz,Mobil\na,030/23125000,0171/3920012\n", out _, mapping);

        Assert.Equal([numbers], file.Used);
        Assert.Equal(unknown, string.Join(' ', file.Unknown));
        var refused = Assert.Throws<ExtractRefusedException>(() => Read("customer_id,Mobil\na,030/23125000\n", out _, mapping));
        Assert.StartsWith("crm.csv, line 1: no column for phone (mapped to \"Festnetz\") among 2", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("[\"Telefon\", 5]")]
    [InlineData("{}")]
    public void Parse_MappedColumnsThatAreNoHeaders_AreRefused(string headers) => Assert.Contains(
        "a column must be a header or a list of headers",
        Assert.Throws<ExtractRefusedException>(() => ExtractFile.Mapping($$"""{ "customers": { "columns": { "email": {{headers}} } } }""")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_NumbersThatCannotBeRead_AreCountedAndTheRowIsUsed()
    {
        var file = Read(
            $"customer_id,nps,phone,email\na,9,unbekannt,nobody\nb,9,030/23125000; ?,b@example.com\nc,9,\"\u202e📞\",\"<b@\"\nd,9,{new string('7', 100_000)},{new string('@', 100_000)}\n"
            + "e,99,030/23125001,e@example.com\nf,9,,\n",
            out var counted);

        Assert.Equal(["", "+493023125000 b@example.com", "", "", ""], file.Used);
        // The row that is set aside for another cell counts nowhere else.
        Assert.Equal(("nps", QuarantineReason.OutOfRange), file.OnlySetAside);
        Assert.Equal((4, 3), counted);
    }

    private static RowFile<string> Read(string content, out (long Phones, long Emails) counted, ExtractMapping? mapping = null)
    {
        CustomerReader? opened = null;
        var file = RowFile.Read(
            Encoding.UTF8.GetBytes(content),
            (stream, quarantine) => opened = new CustomerReader(stream, "crm.csv", mapping ?? ExtractMapping.None, German, quarantine),
            static row => string.Join(' ', row.Contacts.Select(static contact => contact.Normal)));
        counted = (opened!.UnusablePhones, opened.UnusableEmails);
        return file;
    }
}
