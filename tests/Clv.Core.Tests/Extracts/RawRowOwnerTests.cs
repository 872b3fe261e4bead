using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Tests.History;

namespace Clv.Core.Tests.Extracts;

public class RawRowOwnerTests
{
    [Theory]
    [InlineData("C7,2024-01-01,x")]
    [InlineData("x;C7;2024-01-01")]
    [InlineData("x\t C7 \t2024-01-01")]
    [InlineData("x|y|C7\r\n")]
    [InlineData("C7")]
    [InlineData("\"C7\",2024-01-01,\"broken")]
    [InlineData("\"C7\"x,2024-01-01")]
    [InlineData("2024-01-01,C\"7,\"C7\"")]
    [InlineData("x#C7#2024-01-01", "#")]
    public void Find_IdInAnyField_BelongsToItsPerson(string row, string? separator = null) => Assert.Equal(["C7"], Owners(row, ["C7", "C8"], separator));

    [Theory]
    [InlineData("C71,2024-01-01,x")]
    [InlineData("x C7 y,2024-01-01")]
    [InlineData("x#C7#2024-01-01")]
    [InlineData("")]
    public void Find_IdThatIsNoField_BelongsToNobody(string row) => Assert.Empty(Owners(row, ["C7"]));

    [Fact]
    public void Find_IdsWithSeparatorsQuotesAndOtherSpellings_AreFound()
    {
        Assert.Equal(["a,b"], Owners("\"a,b\",2024-01-01", ["a,b"]));
        Assert.Equal(["a\"b"], Owners("1;\"a\"\"b\";2", ["a\"b"]));
        Assert.Equal(["Zo\u00eb"], Owners("Zoe\u0308,2024-01-01", ["Zo\u00eb"]));
    }

    [Fact]
    public void Copy_Quarantine_KeepsTheOthersRowsWithTheirLines()
    {
        using var file = new MemoryStream();
        using (var writer = new QuarantineCsv(file))
        {
            foreach (var (line, raw) in ((long, string)[])[(2, "C7,\"a\",x"), (3, "C8,\"a\n\",=1"), (9, "C8;C7"), (12, "ü\"")])
            {
                writer.Add(new QuarantinedRow(line, "amount", QuarantineReason.NotANumber, Encoding.UTF8.GetBytes(raw)));
            }

            writer.Flush();
        }

        using var expected = new MemoryStream();
        using (var writer = new QuarantineCsv(expected))
        {
            writer.Add(new QuarantinedRow(3, "amount", QuarantineReason.NotANumber, Encoding.UTF8.GetBytes("C8,\"a\n\",=1")));
            writer.Add(new QuarantinedRow(12, "amount", QuarantineReason.NotANumber, Encoding.UTF8.GetBytes("ü\"")));
            writer.Flush();
        }

        using var owner = new RawRowOwner(Base.Secret, ExtractMapping.None);
        using var copy = new MemoryStream();
        file.Position = 0;

        var removed = QuarantineCsv.Copy(file, owner, new HashSet<CustomerKey> { KeyOf("C7") }, copy);

        Assert.Equal(Encoding.UTF8.GetString(expected.ToArray()), Encoding.UTF8.GetString(copy.ToArray()));
        Assert.Equal([KeyValuePair.Create(KeyOf("C7"), 2)], removed);
        file.Position = 0;
        Assert.Equal([2L, 9L], QuarantineCsv.Find(file, owner, KeyOf("C7")).Select(static row => row.Line));
    }

    private static CustomerKey KeyOf(string id) => CustomerKey.Of(Encoding.UTF8.GetBytes(id), Base.Secret);

    private static IEnumerable<string> Owners(string row, string[] people, string? separator = null)
    {
        using var owner = new RawRowOwner(Base.Secret, new ExtractMapping { Separator = separator });
        var found = owner.Find(Encoding.UTF8.GetBytes(row), people.Select(KeyOf).ToHashSet());
        return [.. people.Where(id => found.Contains(KeyOf(id)))];
    }
}
