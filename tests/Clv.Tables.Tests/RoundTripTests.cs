using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Clv.Tables.Tests;

public sealed class RoundTripTests(TableServiceFixture azurite)
{
    public static TheoryData<string, object> Values => new()
    {
        { "text", "plain" },
        { "empty text", "" },
        { "unicode", "Zoë Müller-Żak 🦊 \"quoted\" \\ back\tslash\r\nline <&>'" },
        { "int", int.MinValue },
        { "long", long.MaxValue },
        { "negative long", long.MinValue },
        { "small long", 5L },
        { "fraction", 0.1 + 0.2 },
        { "whole double", 42.0 },
        { "zero", 0.0 },
        { "whole double beyond int", 1e15 },
        { "smallest", double.Epsilon },
        { "largest", double.MaxValue },
        { "NaN", double.NaN },
        { "infinity", double.PositiveInfinity },
        { "minus infinity", double.NegativeInfinity },
        { "true", true },
        { "false", false },
        { "guid", new Guid("7f1c0c4e-0a53-4f57-9c5b-0d6f8d5f2a11") },
        { "time", new DateTimeOffset(2026, 2, 28, 23, 59, 59, 999, TimeSpan.Zero).AddTicks(1234) },
        { "bytes", new byte[] { 0, 1, 254, 255 } },
        { "no bytes", Array.Empty<byte>() },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task GetEntity_AfterAdd_ReturnsSameValueOfSameType(string name, object value)
    {
        var table = await SharedTableAsync();
        await table.AddEntityAsync(new TableEntity("p", name) { ["Value"] = value }, Cancel);

        var read = (await table.GetEntityAsync<TableEntity>("p", name, cancellationToken: Cancel)).Value;

        AssertSame(value, read["Value"]);
    }

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task SubmitTransaction_AnyValue_ReadsBackTheSame(string name, object value)
    {
        var table = await SharedTableAsync();
        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, new TableEntity("t", name) { ["Value"] = value })], Cancel);

        var read = await SingleAsync(table, name);

        AssertSame(value, read["Value"]);
    }

    [Fact]
    public async Task GetEntity_TimeWithOffset_ComesBackInUtc()
    {
        var table = await SharedTableAsync();
        var berlin = new DateTimeOffset(2026, 7, 1, 2, 0, 0, TimeSpan.FromHours(2));
        await table.AddEntityAsync(new TableEntity("p", "offset") { ["At"] = berlin, ["Utc"] = berlin.UtcDateTime }, Cancel);

        var read = (await table.GetEntityAsync<TableEntity>("p", "offset", cancellationToken: Cancel)).Value;

        Assert.Equal(TimeSpan.Zero, read.GetDateTimeOffset("At")!.Value.Offset);
        Assert.Equal(berlin, read.GetDateTimeOffset("At"));
        Assert.Equal(berlin.UtcDateTime, read.GetDateTime("Utc"));
        Assert.Equal(DateTimeKind.Utc, read.GetDateTime("Utc")!.Value.Kind);
    }

    [Fact]
    public async Task AddEntity_NullValue_StoresNoColumn()
    {
        var table = await SharedTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "null") { ["Nothing"] = null, ["Something"] = 1 }, Cancel);

        var read = (await table.GetEntityAsync<TableEntity>("p", "null", cancellationToken: Cancel)).Value;

        Assert.Null(read.GetString("Nothing"));
        Assert.Equal(1, read.GetInt32("Something"));
    }

    [Fact]
    public async Task GetEntity_Read_HasKeysTimestampAndETagOfTheWrite()
    {
        var table = await SharedTableAsync();
        var before = TimeProvider.System.GetUtcNow();
        var written = await table.AddEntityAsync(new TableEntity("p", "meta"), Cancel);

        var read = (await table.GetEntityAsync<TableEntity>("p", "meta", cancellationToken: Cancel)).Value;

        Assert.Equal(("p", "meta"), (read.PartitionKey, read.RowKey));
        Assert.NotEqual(default, read.ETag);
        Assert.Equal(written.Headers.ETag, read.ETag);
        Assert.InRange(read.Timestamp!.Value, before.AddMinutes(-1), before.AddMinutes(1));
    }

    [Fact]
    public async Task UpsertEntity_RowThatWasRead_DoesNotStoreItsMetadata()
    {
        var table = await SharedTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "again") { ["A"] = 1 }, Cancel);
        var read = (await table.GetEntityAsync<TableEntity>("p", "again", cancellationToken: Cancel)).Value;
        read.Timestamp = DateTimeOffset.UnixEpoch;
        await table.UpsertEntityAsync(read, TableUpdateMode.Replace, Cancel);

        var again = (await table.GetEntityAsync<TableEntity>("p", "again", cancellationToken: Cancel)).Value;

        Assert.Equal(["A", "PartitionKey", "RowKey", "Timestamp", "odata.etag"], again.Keys.Order(StringComparer.Ordinal));
        Assert.NotEqual(DateTimeOffset.UnixEpoch, again.Timestamp);
        Assert.NotEqual(read.ETag, again.ETag);
    }

    [Fact]
    public async Task GetEntity_Select_ReturnsOnlyThoseColumns()
    {
        var table = await SharedTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "select") { ["A"] = 1L, ["B"] = 2.0, ["C"] = "c" }, Cancel);

        var read = (await table.GetEntityAsync<TableEntity>("p", "select", ["A", "B"], Cancel)).Value;

        Assert.Equal((1L, 2.0), (read.GetInt64("A"), read.GetDouble("B")));
        Assert.False(read.ContainsKey("C"));
    }

    [Theory]
    [InlineData("decimal")]
    [InlineData("local time")]
    [InlineData("list")]
    [InlineData("enum")]
    public async Task AddEntity_UnsupportedType_ThrowsNamingTheColumnButNotTheValue(string kind)
    {
        var counter = new CountingPolicy();
        var table = azurite.Service(counter.Options()).GetTableClient("unused");
        object value = kind switch
        {
            "decimal" => 12.34m,
            "local time" => new DateTime(1234, 1, 1, 0, 0, 0, DateTimeKind.Local),
            "list" => new List<string> { "1234" },
            _ => DayOfWeek.Friday,
        };

        var thrown = await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["Odd"] = value }, Cancel));

        Assert.Contains("Odd", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, counter.Sent);
    }

    [Fact]
    public async Task GetEntity_AnnotationAfterItsValueOrNone_IsReadAsTheService()
    {
        var service = ScriptedService.Answering(System.Net.HttpStatusCode.OK, """
            {"odata.metadata":"m","odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":"r","Timestamp":"2026-01-02T03:04:05.1234567Z",
             "Late":"12","Late@odata.type":"Edm.Int64","Whole":5.0,"Big":123456789012,"Int":5,"Text@odata.type":"Edm.String","Text":"7"}
            """);

        var read = (await service.Table().GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value;

        Assert.Equal(12L, read["Late"]);
        Assert.Equal(5.0, read["Whole"]);
        Assert.Equal(123456789012.0, read["Big"]);
        Assert.Equal(5, read["Int"]);
        Assert.Equal("7", read["Text"]);
        Assert.Equal(new ETag("W/\"1\""), read.ETag);
        Assert.Equal(1234567, read.Timestamp!.Value.Ticks % TimeSpan.TicksPerSecond);
        Assert.False(read.ContainsKey("odata.metadata"));
    }

    [Fact]
    public async Task GetEntity_ValueThatContradictsItsAnnotation_ThrowsWithoutQuotingIt()
    {
        var service = ScriptedService.Answering(System.Net.HttpStatusCode.OK, """{"A@odata.type":"Edm.Int64","A":"s3cret"}""");

        var thrown = await Assert.ThrowsAsync<JsonException>(() => service.Table().GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel));

        Assert.Contains("'A'", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", thrown.ToString(), StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static void AssertSame(object expected, object? actual)
    {
        Assert.IsType(expected.GetType(), actual);
        if (expected is double number)
        {
            Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits((double)actual!));
        }
        else
        {
            Assert.Equal(expected, actual);
        }
    }

    private static async Task<TableEntity> SingleAsync(TableClient table, string row)
    {
        var rows = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq 't' and RowKey eq {row}")).ToListAsync(Cancel);
        return Assert.Single(rows);
    }

    private Task<TableClient> SharedTableAsync() => azurite.NewTableAsync();
}
