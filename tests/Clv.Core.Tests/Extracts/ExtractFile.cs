using System.IO.Compression;
using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.Tests.Extracts;

internal sealed record UsedRow(string Customer, string Day, decimal Amount, string Id, decimal? Margin = null);

internal sealed record SetAsideRow(long Line, string Column, QuarantineReason Reason, string Raw);

/// <summary>What a reader made of a file.</summary>
internal sealed record ExtractFile(
    IReadOnlyList<UsedRow> Used, IReadOnlyList<SetAsideRow> SetAside, long RowsRead, long RowsQuarantined, IReadOnlyList<string> Unknown)
{
    public const string Header = "customer_id,date,amount\n";

    public static ExtractFile Read(string content, ExtractMapping? mapping = null, ExtractRules? rules = null) =>
        Read(Encoding.UTF8.GetBytes(content), mapping, rules);

    public static ExtractFile Read(byte[] content, ExtractMapping? mapping = null, ExtractRules? rules = null)
    {
        var used = new List<UsedRow>();
        var aside = new List<SetAsideRow>();
        using var reader = Open(content, mapping, rules, row => aside.Add(new(row.Line, row.Column, row.Reason, Encoding.UTF8.GetString(row.Raw))));
        while (reader.Read())
        {
            used.Add(new(
                Encoding.UTF8.GetString(reader.CustomerId),
                DateOnly.FromDayNumber(reader.Day).ToString("yyyy-MM-dd", null),
                new Money(reader.Micros).ToDecimal(),
                Encoding.UTF8.GetString(reader.TransactionId),
                reader.Margin == TransactionReader.NoMargin ? null : new Money(reader.Margin).ToDecimal()));
        }

        return new(used, aside, reader.RowsRead, reader.RowsQuarantined, reader.UnknownColumns);
    }

    public static TransactionReader Open(
        byte[] content, ExtractMapping? mapping = null, ExtractRules? rules = null, QuarantineHandler? quarantine = null) =>
        new(ExtractStream.Open(new MemoryStream(content), "shop.csv"), "shop.csv",
            mapping ?? ExtractMapping.None, rules ?? ExtractRules.Any, quarantine ?? (static _ => { }));

    public static ExtractRefusedException Refused(string content, ExtractMapping? mapping = null) => Refused(Encoding.UTF8.GetBytes(content), mapping);

    public static ExtractRefusedException Refused(byte[] content, ExtractMapping? mapping = null) =>
        Assert.Throws<ExtractRefusedException>(() => Read(content, mapping));

    public static ExtractMapping Mapping(string json) => ExtractMapping.Parse(Encoding.UTF8.GetBytes(json));

    public static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
