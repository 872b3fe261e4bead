using System.Security.Cryptography;
using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Functions.Storage;
using CsvHelper;

namespace Clv.Functions.Night;

/// <summary>What became of one extract file.</summary>
/// <param name="File">Its name.</param>
/// <param name="Read">Rows read.</param>
/// <param name="Quarantined">Rows set aside.</param>
/// <param name="Reasons">How many rows were set aside for each reason.</param>
/// <param name="UnknownColumns">Headers that the contract does not know.</param>
/// <param name="FirstDay">The first day of any transaction that counts; null without one.</param>
public sealed record IngestResult(
    string File,
    long Read,
    long Quarantined,
    IReadOnlyDictionary<QuarantineReason, long> Reasons,
    IReadOnlyList<string> UnknownColumns,
    int? FirstDay = null);

/// <summary>Parses and checks one extract file, sets bad rows aside, and routes the others to partitions.</summary>
public sealed class IngestWork(NightBlobs blobs, ClvOptions options) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Ingest;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var plan = NightJson.Read<Plan>(await blobs.FindAsync(Names.Reports, Names.Plan(run.Id), cancellationToken)
            ?? throw new InvalidOperationException($"The plan of run {run.Id} is missing."));
        var file = plan.Files[unit];
        var mapping = plan.Mapping is null ? ExtractMapping.None : ExtractMapping.Parse(Encoding.UTF8.GetBytes(plan.Mapping));
        if (settings.HashKeyFingerprint != options.HashKeyFingerprint)
        {
            throw new InvalidOperationException("Setting Clv:HashKey was changed while the run was under way: set it back, or start a new run.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var raw = new HashedStream(await blobs.OpenExtractAsync(run.Date, file, cancellationToken), file.Sha256 is null ? null : hash);
        using var quarantine = new QuarantineFile(blobs.Stage(Names.Quarantine, Names.QuarantineOf(run.Id, file.Name)));
        using var segment = blobs.Stage(Names.Work, Names.Segment(run.Id, unit));
        var content = ExtractStream.Open(raw, file.Name);
        var (read, quarantined, unknown, firstDay) = file.Content switch
        {
            FileContent.Transactions => RouteTransactions(content, run, settings, file, mapping, quarantine, segment, cancellationToken),
            FileContent.Customers => RouteCustomers(content, run, settings, file, mapping, quarantine, segment, cancellationToken),
            _ => throw new InvalidOperationException($"The plan of run {run.Id} has a file of no known content."),
        };
        var result = new IngestResult(
            file.Name, read, quarantined, quarantine.Reasons, [.. unknown.Take(100).Select(static name => name.Length > 64 ? name[..64] : name)], firstDay);
        CheckPromises(file, read, raw, hash);
        await segment.CommitAsync(cancellationToken);
        await quarantine.CommitAsync(cancellationToken);
        return NightJson.Write(result);
    }

    private (long Read, long Quarantined, IReadOnlyList<string> UnknownColumns, int? FirstDay) RouteTransactions(
        Stream content,
        Run run,
        RunSettings settings,
        PlannedFile file,
        ExtractMapping mapping,
        QuarantineFile quarantine,
        StagedBlob segment,
        CancellationToken cancellationToken)
    {
        var rules = new ExtractRules(run.Date.DayNumber, NeedsTransactionId: !settings.Snapshot);
        using var reader = new TransactionReader(content, file.Name, mapping, rules, quarantine.Add);
        using var writer = new SegmentWriter(segment, settings.Partitions, options.HashKey.Span);
        while (reader.Read())
        {
            writer.Add(reader);
            StopWhenTold(reader.RowsRead, cancellationToken);
        }

        writer.Complete();
        return (reader.RowsRead, reader.RowsQuarantined, reader.UnknownColumns, writer.FirstDay);
    }

    private (long Read, long Quarantined, IReadOnlyList<string> UnknownColumns, int? FirstDay) RouteCustomers(
        Stream content,
        Run run,
        RunSettings settings,
        PlannedFile file,
        ExtractMapping mapping,
        QuarantineFile quarantine,
        StagedBlob segment,
        CancellationToken cancellationToken)
    {
        using var reader = new CustomerReader(content, file.Name, mapping, new ExtractRules(run.Date.DayNumber, NeedsTransactionId: false), quarantine.Add);
        using var writer = new RecordSegmentWriter(segment, settings.Partitions, options.HashKey.Span);
        while (reader.Read())
        {
            writer.Add(reader.CustomerId, reader.Profile);
            StopWhenTold(reader.RowsRead, cancellationToken);
        }

        writer.Complete();
        return (reader.RowsRead, reader.RowsQuarantined, reader.UnknownColumns, null);
    }

    private static void StopWhenTold(long rows, CancellationToken cancellationToken)
    {
        if (rows % 65536 == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static void CheckPromises(PlannedFile file, long read, HashedStream raw, IncrementalHash hash)
    {
        if (file.Rows is { } promised && promised != read)
        {
            throw new ExtractRefusedException(
                file.Name, $"the manifest promises {promised} rows, the file has {read}: it was cut short or the manifest is wrong; deliver both again");
        }

        if (file.Sha256 is not null)
        {
            raw.CopyTo(Stream.Null);
            if (!file.Sha256.Equals(Convert.ToHexString(hash.GetHashAndReset()), StringComparison.OrdinalIgnoreCase))
            {
                throw new ExtractRefusedException(file.Name, "its SHA-256 is not the manifest's: it was damaged on the way; deliver it again");
            }
        }
    }
}

/// <summary>The rows that were set aside, as a CSV file that appears only when there are any.</summary>
internal sealed class QuarantineFile : IDisposable
{
    private readonly StagedBlob _blob;
    private readonly CsvWriter _csv;
    private readonly SortedDictionary<QuarantineReason, long> _reasons = [];

    public QuarantineFile(StagedBlob blob)
    {
        _blob = blob;
        _csv = CsvWriter.Create(blob, new CsvWriterOptions { Injection = CsvInjection.None }, leaveOpen: true);
        foreach (var header in (ReadOnlySpan<string>)["line", "column", "reason", "row"])
        {
            _csv.WriteField(header);
        }

        _csv.EndRecord();
    }

    public IReadOnlyDictionary<QuarantineReason, long> Reasons => _reasons;

    public void Add(QuarantinedRow row)
    {
        _reasons[row.Reason] = _reasons.GetValueOrDefault(row.Reason) + 1;
        _csv.WriteField(row.Line);
        _csv.WriteField(row.Column);
        _csv.WriteField(row.Reason.Describe());
        _csv.WriteField(row.Raw);
        _csv.EndRecord();
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_reasons.Count > 0)
        {
            _csv.Flush();
            await _blob.CommitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _csv.Dispose();
        _blob.Dispose();
    }
}

/// <summary>Passes a stream through and hashes what was read.</summary>
internal sealed class HashedStream(Stream inner, IncrementalHash? hash) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        hash?.AppendData(buffer[..read]);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

}
