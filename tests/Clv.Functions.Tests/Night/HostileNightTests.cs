using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>
/// Whole nights on broken and malicious deliveries: each ends as published with what was set aside, or failed with a sentence; the process lives on in
/// bounded memory, and nobody's data gets where it does not belong. The rig gives no night more than five minutes.
/// </summary>
public sealed class HostileNightTests
{
    private const string Marker = "MARKER";
    private const string Header = "customer_id,occurred_at,amount\n";
    private const long MaxMemory = 1_500L << 20;

    private static readonly DateOnly Date = NightRig.Tonight.AddDays(1);

    /// <summary>A delivery: its blobs by name, its manifest (null for a plain one), and what becomes of it (null for published).</summary>
    private sealed record Delivery(string Name, IReadOnlyDictionary<string, byte[]> Blobs, string? Manifest, string? Reason)
    {
        public Func<RunReport, bool> Holds { get; init; } = static _ => true;
    }

    private static IEnumerable<Delivery> Deliveries()
    {
        var good = Customers.Transactions(200, id: static i => $"{Marker}-C{i}");
        var rows = good.Count(static c => c == '\n') - 1;
        Delivery Refused(string name, string reason, string manifest) => new(name, Files(("transactions.csv", good)), manifest, reason);

        yield return new Delivery(
            "names that lie", new Dictionary<string, byte[]> { ["transactions.csv"] = Gzip(Bytes(good)), ["transactions2.csv.gz"] = Bytes(Header + $"{Marker}-C1,2026-01-01,5\n") }, null, null)
        {
            Holds = report => report.Files[0].Used == rows && report.Files[1].Used == 1,
        };
        yield return new Delivery(
            "unknown columns of six characters a letter",
            Files(("transactions.csv", $"customer_id,occurred_at,amount,{string.Join(',', Enumerable.Range(0, 200).Select(static i => $"{Many("\U0001F600", 120)}{i}"))}\n"
                + string.Concat(good.Split('\n')[1..^1].Select(static row => $"{row}{new string(',', 200)}\n")))),
            null,
            null)
        { Holds = static report => report.Files[0].UnknownColumns.Count > 10 };
        yield return new Delivery("odd rows", Odd(good), null, null)
        {
            Holds = report => report.Files.All(static file => file.Read == file.Used + file.Replaced + file.Quarantined && file.Quarantined > 0),
        };
        yield return new Delivery("names without end", Cardinality(), null, null)
        {
            Holds = static report => report.Files.All(static file => file.Quarantined == 0),
        };

        yield return new Delivery(
            "manifest in UTF-16",
            new Dictionary<string, byte[]> { ["transactions.csv"] = Bytes(good), [ExtractManifest.FileName] = Encoding.Unicode.GetBytes("\uFEFF{}") },
            "",
            "manifest.json, line 1");
        yield return Refused("empty manifest", "manifest.json, line 1", "");
        yield return Refused("mark and nothing", "manifest.json, line 1", "\uFEFF");
        yield return Refused("nested", "manifest.json, line 1", new string('[', 100_000));
        yield return Refused("nested files", "manifest.json, line 1", """{"kind":"snapshot","files":""" + new string('[', 100_000));
        yield return Refused("rows below 0", "\"rows\" of transactions.csv is below 0", """{"kind":"snapshot","files":[{"name":"transactions.csv","rows":-1}]}""");
        yield return Refused("rows of 1e30", "manifest.json, line 1", """{"kind":"snapshot","files":[{"name":"transactions.csv","rows":1e30}]}""");
        yield return Refused("short hash", "no SHA-256", """{"kind":"snapshot","files":[{"name":"transactions.csv","sha256":"abc"}]}""");
        yield return Refused("kind twice", "manifest.json, line 1", """{"kind":"snapshot","kind":"delta","files":["transactions.csv"]}""");
        yield return Refused("rows twice", "manifest.json, line 1", """{"kind":"snapshot","files":[{"name":"transactions.csv","rows":1,"rows":2}]}""");
        yield return Refused("two promises", "two different things of transactions.csv", """{"kind":"snapshot","files":["transactions.csv",{"name":"transactions.csv","rows":5}]}""");
        yield return Refused("no names", "manifest.json", """{"kind":"snapshot","files":[null]}""");
        yield return Refused("wrong types", "manifest.json, line 1", """{"kind":"snapshot","files":[7,true]}""");
        yield return Refused("a step up", "is no plain name", """{"kind":"snapshot","files":["../2026-11-20/transactions.csv"]}""");
        yield return Refused("absolute", "is no plain name", """{"kind":"snapshot","files":["/transactions.csv"]}""");
        yield return Refused("escape", "is no plain name", """{"kind":"snapshot","files":["transactions..%2f..%2fx.csv"]}""");
        yield return Refused("backslash", "is no plain name", """{"kind":"snapshot","files":["..\\transactions.csv"]}""");
        yield return Refused("invisible name", "invisible characters", """{"kind":"snapshot","files":["transactions\u202Evsc.csv"]}""");
        yield return Refused("terminal codes", "invisible characters", """{"kind":"snapshot","files":["transactions\u001b[2J.csv"]}""");
        yield return Refused("long name", "more than 200 characters", $$"""{"kind":"snapshot","files":["transactions{{new string('x', 900)}}.csv"]}""");
        yield return Refused("many names", "at most 10,000 names", $$"""{"kind":"snapshot","files":[{{string.Join(',', Enumerable.Range(0, 10_001).Select(static i => $"\"t{i}\""))}}]}""");
        yield return Refused("2 MB", "manifest.json: larger than", "{\"kind\":\"snapshot\",\"files\":[\"transactions.csv\"]}" + new string(' ', 2 << 20));
        yield return new Delivery("2 MB of mapping", Files(("transactions.csv", good), ("mapping.json", new string(' ', 2 << 20))), null, "mapping.json: larger than");
        yield return new Delivery("mapping", Files(("transactions.csv", good), ("mapping.json", """{"dateFormats":[null]}""")), null, "mapping.json");
        yield return new Delivery("profile", Files(("transactions.csv", good), ("profile.json", """{"discountRate":1e308}""")), null, "profile.json");
        yield return new Delivery(
            "contradiction",
            Files(("transactions.csv", good), ("mapping.json", """{"reportingCurrency":"EUR"}"""), ("profile.json", """{"currency":"USD"}""")), null, "make them the same");
        yield return new Delivery("invisible name without manifest", Files(("transactions\u202Evsc.csv", good), ("_SUCCESS", "")), "", "invisible characters");
        yield return new Delivery("escape without manifest", Files(("transactions..%2f..%2fx.csv", good), ("_SUCCESS", "")), "", "is no plain name");
        yield return new Delivery("long name without manifest", Files(($"transactions{new string('x', 800)}.csv", good), ("_SUCCESS", "")), "", "more than 200 characters");
        yield return new Delivery("empty blob among others", Files(("transactions.csv", good), ("transactions2.csv", "")), null, "transactions2.csv: the file is empty");
        yield return new Delivery("every row bad", Files(("transactions.csv", Header + Many($"{Marker},,\n", 1 << 20))), null, "The night has no customer");
        yield return new Delivery("one customer of millions", Files(("transactions.csv", Header + Many($"{Marker},2026-01-01,1\n", 1_100_000 * 20))), null, "transactions.csv: customer ");
        yield return new Delivery("too many files", Files([.. Enumerable.Range(0, 1001).Select(static i => ($"transactions{i}.csv", Header))]), null, "has 1001 files; at most 1000");
        yield return new Delivery(
            "bombs",
            new Dictionary<string, byte[]> { ["transactions.csv"] = Bomb($"{Marker},{new string('9', 990)},1\n", 300), ["transactions2.csv.gz"] = Bomb("\n", 300) },
            null,
            "more than 250 times its size");
        yield return new Delivery("bomb of one line", new Dictionary<string, byte[]> { ["transactions.csv"] = Bomb("x", 300) }, null, "line 1: a row is longer than 1 MiB");
    }

    [Fact]
    public async Task Nights_HostileDeliveries_EndWithTheirReasonAndLeaveNobodysData()
    {
        var log = new LogBook();
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate, log: log);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(200, id: static i => $"{Marker}-C{i}"));
        var yesterday = await rig.RunAsync(NightRig.Tonight);
        Assert.True(yesterday.State == RunState.Published, yesterday.Reason);
        var process = Assert.Single(rig.Host.WorkerProcessIds);

        foreach (var delivery in Deliveries())
        {
            await DeliverAsync(rig, delivery);
            var watch = Stopwatch.StartNew();
            var report = await rig.RunAsync(Date);

            Assert.True(report.State == (delivery.Reason is null ? RunState.Published : RunState.Failed), $"{delivery.Name}: {report.State} {report.Reason}");
            Assert.True(delivery.Holds(report), delivery.Name);
            if (delivery.Reason is { } reason)
            {
                Assert.True(report.Reason!.Contains(reason, StringComparison.Ordinal), $"{delivery.Name}: {report.Reason}");
                Assert.DoesNotContain(report.Reason!, char.IsControl);
                Assert.All(report.Problems, problem => Assert.DoesNotContain("failed every time", problem, StringComparison.Ordinal));
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"{delivery.Name}: {watch.Elapsed.TotalSeconds:0.0} s, {Memory(process) >> 20} MB, {report.Reason}");
            Assert.Equal(process, Assert.Single(rig.Host.WorkerProcessIds));
        }

        Assert.True((await rig.Api.GetAsync($"api/customers/{Marker}-C1")).IsSuccessStatusCode);
        await AssertNobodyAsync(rig, log);
        Assert.InRange(Memory(process), 1, MaxMemory);
    }

    [Fact]
    public async Task Nights_LinesAndFilesOfAGigabyte_StayInBoundedMemory()
    {
        var folder = Directory.CreateTempSubdirectory("clv-hostile-");
        try
        {
            var log = new LogBook();
            await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate, log: log, storageFolder: folder.FullName);
            await rig.Blobs.GetBlobContainerClient(Names.Extracts).CreateIfNotExistsAsync();
            var process = Assert.Single(rig.Host.WorkerProcessIds);
            var good = Bytes(Customers.Transactions(200, id: static i => $"{Marker}-C{i}"));

            // Each night has several such files, and its process works on two or three at once.
            (string Name, string Start, string Part, long Size)[][] nights =
            [
                [("transactions1.csv", Header, Many(Marker, 1 << 16), 1L << 30), ("transactions2.csv", $"{Header}\"", Many($"{Marker}\n", 1 << 16), 256L << 20)],
                [("transactions1.csv", Header, $"{Marker},{new string('9', 990)},1\n", 192L << 20), ("transactions2.csv", Header, "\n\n\r\n", 256L << 20), ("transactions3.csv", Header, $"=cmd|{Marker},1\n", 32L << 20)],
            ];
            for (var night = 0; night < nights.Length; night++)
            {
                await rig.DeliverAsync(Date, new Dictionary<string, string> { ["transactions0.csv"] = Encoding.UTF8.GetString(good) }, kind: null);
                foreach (var (name, start, part, size) in nights[night])
                {
                    await WriteAsync(rig, name, start, part, size);
                }

                await rig.Blobs.GetBlobContainerClient(Names.Extracts).GetBlobClient($"{Names.Folder(Date)}_SUCCESS").UploadAsync(BinaryData.Empty, overwrite: true);
                var watch = Stopwatch.StartNew();
                var report = await rig.RunAsync(Date);

                TestContext.Current.TestOutputHelper!.WriteLine($"{night}: {watch.Elapsed.TotalSeconds:0.0} s, {Memory(process) >> 20} MB, {report.Reason}");
                if (night == 0)
                {
                    Assert.Equal(RunState.Failed, report.State);
                    Assert.Contains("line 2: a row is longer than 1 MiB", report.Reason, StringComparison.Ordinal);
                }
                else
                {
                    Assert.True(report.State == RunState.Published, report.Reason);
                    Assert.All(report.Files, static file => Assert.Equal(file.Read, file.Used + file.Replaced + file.Quarantined));
                    Assert.True(report.Files.Sum(static file => file.Quarantined) > 2_000_000);
                    await AssertQuarantineAsync(rig, report.Run);
                }

                Assert.Equal(process, Assert.Single(rig.Host.WorkerProcessIds));
                Assert.InRange(Memory(process), 1, MaxMemory);
            }

            await AssertNobodyAsync(rig, log);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Night_OnlyMarksOfFolders_HasNoExtract()
    {
        await using var rig = await NightRig.StartAsync();
        var container = rig.Blobs.GetBlobContainerClient(Names.Extracts);
        await container.CreateIfNotExistsAsync();
        foreach (var name in (string[])["", "sub/", "transactions.csv"])
        {
            await container.GetBlobClient(Names.Folder(Date) + name).UploadAsync(
                BinaryData.Empty, new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } });
        }

        var report = await rig.RunAsync(Date);

        Assert.StartsWith("There is no extract for", report.Reason, StringComparison.Ordinal);
    }

    private static async Task DeliverAsync(NightRig rig, Delivery delivery)
    {
        await rig.DeliverAsync(Date, new Dictionary<string, string>(), kind: null);
        var container = rig.Blobs.GetBlobContainerClient(Names.Extracts);
        foreach (var (name, content) in delivery.Blobs)
        {
            await container.GetBlobClient(Names.Folder(Date) + name).UploadAsync(BinaryData.FromBytes(content), overwrite: true);
        }

        var manifest = delivery.Manifest is null
            ? JsonSerializer.Serialize(new { kind = "snapshot", files = delivery.Blobs.Keys.Where(static n => !n.EndsWith(".json", StringComparison.Ordinal)) })
            : delivery.Manifest;
        if (!delivery.Blobs.ContainsKey(ExtractManifest.SuccessFileName) && !delivery.Blobs.ContainsKey(ExtractManifest.FileName))
        {
            await container.GetBlobClient(Names.Folder(Date) + ExtractManifest.FileName).UploadAsync(BinaryData.FromString(manifest), overwrite: true);
        }
    }

    private static async Task WriteAsync(NightRig rig, string name, string start, string part, long size)
    {
        var block = Bytes(Many(part, Math.Max(part.Length, (4 << 20) / part.Length * part.Length)));
        await using var blob = await rig.Blobs.GetBlobContainerClient(Names.Extracts).GetBlobClient(Names.Folder(Date) + name).OpenWriteAsync(
            overwrite: true, new BlobOpenWriteOptions { BufferSize = 16 << 20 });
        await blob.WriteAsync(Bytes(start));
        for (long written = 0; written < size; written += block.Length)
        {
            await blob.WriteAsync(block);
        }
    }

    // Of the rows that were set aside a million are written, as cells that a spreadsheet does not run.
    private static async Task AssertQuarantineAsync(NightRig rig, string run)
    {
        await using var file = await rig.Blobs.GetBlobContainerClient(Names.Quarantine).GetBlobClient(Names.QuarantineOf(run, "transactions3.csv")).OpenReadAsync();
        using var reader = new StreamReader(file);
        Assert.Equal("\"row\",\"line\",\"column\",\"reason\"", await reader.ReadLineAsync());
        var written = 0;
        var last = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            Assert.True(written == 1_000_000 || line.StartsWith($"\"'=cmd|{Marker},1\",\"{written + 2}\",", StringComparison.Ordinal), line);
            written++;
            last = line;
        }

        Assert.Equal(1_000_001, written);
        Assert.StartsWith("\"\",\"1000002\",\"\",\"this row and more of them", last, StringComparison.Ordinal);
    }

    // Everything that is a row of a table, a line of a log or a file for others.
    private static async Task AssertNobodyAsync(NightRig rig, LogBook log)
    {
        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines, static line => Assert.DoesNotContain(Marker, line.Text, StringComparison.OrdinalIgnoreCase));
        await foreach (var table in rig.Tables.QueryAsync())
        {
            await foreach (var row in rig.Tables.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                Assert.DoesNotContain(Marker, string.Join(' ', row.Select(static cell => $"{cell.Key} {cell.Value}")), StringComparison.OrdinalIgnoreCase);
            }
        }

        foreach (var container in (string[])[Names.Models, Names.Reports, Names.Exports])
        {
            foreach (var name in await NightTests.BlobsAsync(rig, container))
            {
                var content = (await rig.Blobs.GetBlobContainerClient(container).GetBlobClient(name).DownloadContentAsync()).Value.Content;
                Assert.False(content.ToString().Contains(Marker, StringComparison.OrdinalIgnoreCase), name);
            }
        }
    }

    // The most memory that a process ever had, in bytes.
    private static long Memory(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);

    // What a CRM without checks may hold: formulas, the end of time, sums at the limit, and dates in no order.
    private static Dictionary<string, byte[]> Odd(string good) => Files(
        ("transactions.csv", good
            + $"{Marker}-A,1900-01-01,0\n{Marker}-A,2026-11-20,9200000000000\n{Marker}-B,2026-11-20,-9200000000000\n{Marker}-C,2026-01-01,1e-400\n"
            + $"=cmd|' /C calc'!{Marker},2026-01-01,5\n\"@{Marker}/..%2f\u202E\",2026-01-01,-0\n{Marker}\u0301,2026-01-01,1\n{Marker},9999-12-31,NaN\n{Marker},2027-01-01,1\n"),
        ("customers.csv", "customer_id,acquired_on,acquisition_cost,nps,payment_delay_days\n"
            + $"{Marker}-C1,2026-11-20,9200000000000,10,3650\n{Marker}-A,1900-01-01,0,0,-5\n{Marker}-Z,2026-11-21,,,\n{Marker}-C2,0001-01-01,,,\n{Marker}-C3,,-1,11,1e9\n{Marker}-C1,,,,\n"),
        ("contracts.csv", "customer_id,contract_id,started_on,term_months,renews_on,fee_per_term,cancelled_on,product\n"
            + $"{Marker}-C1,{Marker}1,2026-01-01,12,1990-01-01,9200000000000,1980-01-01,{new string('p', 100)}\n{Marker}-C2,{Marker}2,1900-01-01,1,9998-12-31,1,,=p\n"
            + $"{Marker}-C3,{Marker}3,2026-01-01,-1,,1,,\n{Marker}-C3,{Marker}4,2026-01-01,10000000,,1,,\n"),
        ("interactions.csv", $"customer_id,occurred_at,kind,cost\n{Marker}-C1,1900-01-01,complaint,9200000000000\n{Marker}-C1,2026-01-01,{Marker},1\n"),
        ("rates.csv", "currency,date,rate\nUSD,2026-01-01,0\nUSD,2026-01-01,-1\nUSD,2026-01-01,1e300\nUSD,2026-01-01,1e9\n"));

    // Ten thousand names of everything that has names.
    private static Dictionary<string, byte[]> Cardinality()
    {
        const int Names = 10_000;
        var transactions = new StringBuilder("customer_id,occurred_at,amount,category\n");
        var contracts = new StringBuilder("customer_id,contract_id,started_on,term_months,fee_per_term,product\n");
        var customers = new StringBuilder("customer_id,region,acquisition_channel,acquired_on,acquisition_cost\n");
        for (var i = 0; i < Names; i++)
        {
            var name = $"{i}{new string('n', 90)}";
            transactions.Append($"{Marker}-C{i % 500},2026-0{1 + (i % 9)}-01,{i % 90},{name}\n");
            contracts.Append($"{Marker}-C{i % 500},k{i},202{i % 6}-01-01,{1 + (i % 24)},100,{name}\n");
            customers.Append($"{Marker}-C{i % 2000},{name},{name},2025-01-01,5\n");
        }

        var files = Files(
            ("transactions.csv", transactions.ToString()), ("contracts.csv", contracts.ToString()), ("customers.csv", customers.ToString()),
            ("profile.json", """{"contracts":{"productContracts":1}}"""));
        for (var file = 0; file < 12; file++)
        {
            files[$"customers{file}.csv"] = Bytes(
                "customer_id,segment\n" + string.Concat(Enumerable.Range(file * 900, 900).Select(static i => $"{Marker}-C{i},s{i}{new string('s', 90)}\n")));
        }

        return files;
    }

    private static Dictionary<string, byte[]> Files(params (string Name, string Content)[] files) =>
        files.ToDictionary(static file => file.Name, static file => Bytes(file.Content));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Many(string part, int length) => new StringBuilder().Insert(0, part, length / part.Length).ToString();

    private static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private static byte[] Bomb(string part, int mebibytes)
    {
        var block = Bytes(Many(part, 1 << 20));
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Bytes(part == "x" ? "" : Header));
            for (var i = 0; i < mebibytes; i++)
            {
                gzip.Write(block);
            }
        }

        return compressed.ToArray();
    }
}
