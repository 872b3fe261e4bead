using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.Tests.Extracts;

/// <summary>What a reader made of a file, whatever its rows are.</summary>
internal sealed record RowFile<T>(
    IReadOnlyList<T> Used, IReadOnlyList<(long Line, string Column, QuarantineReason Reason)> SetAside, IReadOnlyList<string> Unknown)
{
    public (string Column, QuarantineReason Reason) OnlySetAside => Assert.Single(SetAside) is var row ? (row.Column, row.Reason) : default;
}

/// <summary>Reads whole files, and checks their books.</summary>
internal static class RowFile
{
    public static readonly int LastDay = new DateOnly(2024, 6, 30).DayNumber;

    public static readonly ExtractRules Rules = new(LastDay, NeedsTransactionId: false);

    public static int Day(string iso) => DateOnly.Parse(iso, null).DayNumber;

    public static Money Euro(decimal amount) => new((Int128)(amount * Money.Scale));

    public static RateTable Rates(params (string Currency, string Day, decimal Rate)[] rates) =>
        new(rates.Select(static r => new DatedRate(r.Currency, Day(r.Day), ExchangeRate.TryCreate(r.Rate, out var rate) ? rate : default)));

    public static byte[] Windows1252(string text) => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text);

    public static RowFile<T> Read<TReader, T>(byte[] content, Func<Stream, QuarantineHandler, TReader> open, Func<TReader, T> row)
        where TReader : ExtractReader
    {
        var used = new List<T>();
        var aside = new List<(long, string, QuarantineReason)>();
        using var reader = open(ExtractStream.Open(new MemoryStream(content), "crm.csv"), r => aside.Add((r.Line, r.Column, r.Reason)));
        while (reader.Read())
        {
            used.Add(row(reader));
        }

        Assert.Equal((used.Count + aside.Count, aside.Count), (reader.RowsRead, reader.RowsQuarantined));
        return new(used, aside, reader.UnknownColumns);
    }
}
