using System.Net;
using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Clv.Tables.Tests;

public sealed class TableEntityTests(TableServiceFixture azurite)
{
    [Fact]
    public void Get_AnotherType_ThrowsNamingTheColumnButNotTheValue()
    {
        var entity = new TableEntity("p", "r") { ["A"] = "s3cret", ["I"] = 1 };

        Assert.Contains("'A'", Assert.Throws<InvalidOperationException>(() => entity.GetInt32("A")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", Assert.Throws<InvalidOperationException>(() => entity.GetGuid("A")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => entity.GetInt64("I"));
        Assert.Throws<InvalidOperationException>(() => entity.GetDouble("I"));
        Assert.Throws<ArgumentException>(() => entity.GetString(""));
    }

    [Fact]
    public void Get_MissingColumn_IsNull()
    {
        var entity = new TableEntity();

        Assert.Null(entity.GetString("A"));
        Assert.Null(entity.GetInt32("A"));
        Assert.Null(entity.GetInt64("A"));
        Assert.Null(entity.GetDouble("A"));
        Assert.Null(entity.GetBoolean("A"));
        Assert.Null(entity.GetGuid("A"));
        Assert.Null(entity.GetDateTime("A"));
        Assert.Null(entity.GetDateTimeOffset("A"));
        Assert.Null(entity.GetBinary("A"));
        Assert.Null(entity.GetBinaryData("A"));
        Assert.Null(entity["A"]);
        Assert.Null(entity.PartitionKey);
        Assert.Null(entity.Timestamp);
        Assert.Equal(default, entity.ETag);
    }

    [Fact]
    public void Set_ColumnOfAnotherType_WidensNumbersAndRefusesTheRest()
    {
        var entity = new TableEntity { ["L"] = 1L, ["D"] = 1.0, ["I"] = 1, ["S"] = "s3cret" };

        entity["L"] = 2;
        entity["D"] = 2;
        entity["I"] = 2L;

        Assert.Equal((2L, 2.0, 2L), (entity.GetInt64("L"), entity.GetDouble("D"), entity.GetInt64("I")));
        Assert.DoesNotContain("s3cret", Assert.Throws<InvalidOperationException>(() => entity["S"] = 1).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => entity["L"] = 1.5);
        entity["S"] = null;
        entity["S"] = 1;
        Assert.Equal(1, entity.GetInt32("S"));
    }

    [Fact]
    public void Constructor_Values_CopiesThem()
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["PartitionKey"] = "p", ["RowKey"] = "r", ["A"] = 1 };
        var entity = new TableEntity(values);
        values["A"] = 2;

        Assert.Equal(("p", "r", 1, 3), (entity.PartitionKey, entity.RowKey, entity.GetInt32("A"), entity.Count));
    }

    [Fact]
    public void TableErrorCode_Comparison_IgnoresCaseAndBearsNull()
    {
        string? none = null;

        Assert.True("entityalreadyexists" == TableErrorCode.EntityAlreadyExists);
        Assert.False(none == TableErrorCode.EntityAlreadyExists);
        Assert.Equal("EntityAlreadyExists", TableErrorCode.EntityAlreadyExists.ToString());
    }

    [Fact]
    public async Task CustomClass_WrittenAndRead_KeepsItsProperties()
    {
        var table = await azurite.NewTableAsync();
        var run = new Run
        {
            PartitionKey = "p",
            RowKey = "r",
            Count = 5_000_000_000,
            Share = 3,
            Day = DayOfWeek.Friday,
            StartedOn = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            Ended = null,
            Hash = [1, 2],
            Renamed = "x",
            Hidden = "hidden",
        };
        await table.AddEntityAsync(run, Cancel);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "r") { ["Unknown"] = 1 })], Cancel);

        var raw = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value;
        var read = Assert.Single(await table.QueryAsync<Run>(cancellationToken: Cancel).ToListAsync(Cancel));

        Assert.Equal("Friday", raw.GetString("Day"));
        Assert.Equal("x", raw.GetString("other_name"));
        Assert.False(raw.ContainsKey("Hidden"));
        Assert.Equal(
            ("p", "r", 5_000_000_000, 3.0, DayOfWeek.Friday, run.StartedOn, null, "x", null),
            (read.PartitionKey, read.RowKey, read.Count, read.Share, read.Day, read.StartedOn, read.Ended, read.Renamed, read.Hidden));
        Assert.Equal([1, 2], read.Hash);
        Assert.Equal(raw.ETag, read.ETag);
        Assert.Equal(raw.Timestamp, read.Timestamp);
    }

    [Fact]
    public async Task CustomClass_ColumnOfAnotherType_ThrowsWithoutTheValue()
    {
        var service = ScriptedService.Answering(HttpStatusCode.OK, """{"PartitionKey":"p","RowKey":"r","Count":"s3cret"}""");

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => service.Table().GetEntityAsync<Run>("p", "r", cancellationToken: Cancel));

        Assert.Contains("'Count'", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", thrown.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private sealed class Run : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public long Count { get; set; }

        public double Share { get; set; }

        public DayOfWeek Day { get; set; }

        public DateTime StartedOn { get; set; }

        public DateTimeOffset? Ended { get; set; }

        public byte[] Hash { get; set; } = [];

        [DataMember(Name = "other_name")]
        public string? Renamed { get; set; }

        [IgnoreDataMember]
        public string? Hidden { get; set; }
    }
}
