using System.Security.Cryptography;
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
/// <param name="Used">Rows that count, of a file that goes to no partition; null of one that does.</param>
public sealed record IngestResult(
    string File,
    long Read,
    long Quarantined,
    IReadOnlyDictionary<QuarantineReason, long> Reasons,
    IReadOnlyList<string> UnknownColumns,
    int? FirstDay = null,
    long? Used = null);

/// <summary>Parses and checks one extract file, sets bad rows aside, and routes the others to partitions.</summary>
public sealed class IngestWork(NightBlobs blobs, NightKnowledge knowledge, NightRates rates, ClvOptions options) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Ingest;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var plan = await knowledge.PlanAsync(run.Id, cancellationToken);
        var file = plan.Files[unit];
        var mapping = NightKnowledge.MappingOf(plan);
        if (settings.HashKeyFingerprint != options.HashKeyFingerprint)
        {
            throw new InvalidOperationException("Setting Clv:HashKey was changed while the run was under way: set it back, or start a new run.");
        }

        var rules = new ExtractRules(
            run.Date.DayNumber,
            NeedsTransactionId: !settings.Snapshot,
            file.Content == FileContent.Rates ? null : await rates.ReadAsync(run, plan, mapping, cancellationToken));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var raw = new HashedStream(await blobs.OpenExtractAsync(run.Date, file, cancellationToken), file.Sha256 is null ? null : hash);
        using var quarantine = new QuarantineFile(blobs.Stage(Names.Quarantine, Names.QuarantineOf(run.Id, file.Name)));
        using var segment = blobs.Stage(Names.Work, Names.Segment(run.Id, unit));
        var content = ExtractStream.Open(raw, file.Name);
        using ExtractReader reader = file.Content switch
        {
            FileContent.Transactions => new TransactionReader(content, file.Name, mapping, rules, quarantine.Add),
            FileContent.Customers => new CustomerReader(content, file.Name, mapping, rules, quarantine.Add),
            FileContent.Contracts => new ContractReader(content, file.Name, mapping, rules, quarantine.Add),
            FileContent.Interactions => new InteractionReader(content, file.Name, mapping, rules, quarantine.Add),
            FileContent.Rates => new RateReader(content, file.Name, mapping, quarantine.Add),
            _ => throw new InvalidOperationException($"The plan of run {run.Id} has a file of no known content."),
        };
        var (used, firstDay) = Route(reader, segment, settings.Partitions, cancellationToken);
        var result = new IngestResult(
            file.Name,
            reader.RowsRead,
            reader.RowsQuarantined,
            quarantine.Reasons,
            [.. reader.UnknownColumns.Take(100).Select(static name => name.Length > 64 ? name[..64] : name)],
            firstDay,
            used);
        CheckPromises(file, reader.RowsRead, raw, hash);
        await segment.CommitAsync(cancellationToken);
        await quarantine.CommitAsync(cancellationToken);
        return NightJson.Write(result);
    }

    // Rates go to no partition: how many of them count is known at once.
    private (long? Used, int? FirstDay) Route(ExtractReader reader, StagedBlob segment, int partitions, CancellationToken cancellationToken)
    {
        if (reader is RateReader rate)
        {
            return (rate.ReadTable().Rates.LongCount(), null);
        }

        if (reader is TransactionReader row)
        {
            using var transactions = new SegmentWriter(segment, partitions, options.HashKey.Span);
            while (row.Read())
            {
                transactions.Add(row);
                StopWhenTold(row.RowsRead, cancellationToken);
            }

            transactions.Complete();
            return (null, transactions.FirstDay);
        }

        using var records = new RecordSegmentWriter(segment, partitions, options.HashKey.Span);
        while (reader.Read())
        {
            switch (reader)
            {
                case CustomerReader customer:
                    records.Add(customer.CustomerId, customer.Profile);
                    break;
                case ContractReader contract:
                    records.Add(contract.CustomerId, contract.Contract);
                    break;
                case InteractionReader interaction:
                    records.Add(interaction.CustomerId, interaction.Id, interaction.Interaction);
                    break;
            }

            StopWhenTold(reader.RowsRead, cancellationToken);
        }

        records.Complete();
        return (null, null);
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
