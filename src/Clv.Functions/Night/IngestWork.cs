using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What became of one extract file.</summary>
/// <param name="File">Its name.</param>
/// <param name="Read">Rows read.</param>
/// <param name="Quarantined">Rows set aside.</param>
/// <param name="Reasons">How many rows were set aside for each reason.</param>
/// <param name="UnknownColumns">Headers that the contract does not know.</param>
/// <param name="FirstDay">The first day of any transaction that counts; null without one.</param>
/// <param name="Used">Rows that count, of a file that goes to no partition; null of one that does.</param>
/// <param name="UnusablePhones">Phone numbers that could not be read; their rows count all the same.</param>
/// <param name="UnusableEmails">E-mail addresses that could not be read, likewise.</param>
public sealed record IngestResult(
    string File,
    long Read,
    long Quarantined,
    IReadOnlyDictionary<QuarantineReason, long> Reasons,
    IReadOnlyList<string> UnknownColumns,
    int? FirstDay = null,
    long? Used = null,
    long UnusablePhones = 0,
    long UnusableEmails = 0);

/// <summary>
/// Parses and checks one extract file, sets bad rows aside, and routes the others to partitions. Whom a file says to erase gets a tombstone.
/// </summary>
public sealed class IngestWork(
    NightBlobs blobs, NightKnowledge knowledge, NightRates rates, ErasureFiles erasures, Tombstones tombstones, ClvOptions options) : IPhaseWork
{
    private const int MaxShownCharacters = 4000;

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
            file.Content == FileContent.Rates ? null : await rates.ReadAsync(run, plan, mapping, cancellationToken),
            options.PhoneRegion);
        await using var raw = new HashedStream(await blobs.OpenExtractAsync(run.Date, file, cancellationToken), hashes: file.Sha256 is not null);
        var leftOut = await tombstones.KeysAsync(cancellationToken);
        using var quarantine = new QuarantineFile(
            blobs.StageAlone(Names.Quarantine, Names.QuarantineOf(run.Id, file.Name)), new RawRowOwner(options.HashKey, mapping), leftOut);
        using var segment = blobs.Stage(Names.Work, Names.Segment(run.Id, unit));
        var content = ExtractStream.Open(raw, file.Name);
        using ExtractReader reader = file.Content switch
        {
            FileContent.Transactions => new TransactionReader(content, file.Name, mapping, rules, quarantine.Add),
            FileContent.Customers => new CustomerReader(content, file.Name, mapping, rules, quarantine.Add),
            FileContent.Contracts => new ContractReader(content, file.Name, mapping, rules, quarantine.Add),
            FileContent.Interactions => new InteractionReader(content, file.Name, mapping, rules, quarantine.Add),
            FileContent.Rates => new RateReader(content, file.Name, mapping, quarantine.Add),
            FileContent.Erasures => new ErasureReader(content, file.Name, mapping, rules, quarantine.Add),
            _ => throw new InvalidOperationException($"The plan of run {run.Id} has a file of no known content."),
        };
        var (used, firstDay, erased) = Route(reader, file, segment, settings.Partitions, cancellationToken);
        var result = new IngestResult(
            file.Name,
            reader.RowsRead,
            reader.RowsQuarantined,
            quarantine.Reasons,
            Shown(reader.UnknownColumns),
            firstDay,
            used,
            (reader as CustomerReader)?.UnusablePhones ?? 0,
            (reader as CustomerReader)?.UnusableEmails ?? 0);
        FilePromises.Check(file, reader.RowsRead, raw);
        if (file.Content == FileContent.Erasures)
        {
            await erasures.CheckAsync(run, plan, file, erased, mapping, rules, cancellationToken);
        }

        await segment.CommitAsync(cancellationToken);
        await quarantine.CommitAsync(cancellationToken);
        await ForgetAsync(run, file, mapping, leftOut, cancellationToken);
        await tombstones.RequestAllAsync(erased, run.Id, file.Name, cancellationToken);
        return NightJson.Write(result);
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var plan = await knowledge.PlanAsync(run.Id, cancellationToken);
        await ForgetAsync(run, plan.Files[unit], NightKnowledge.MappingOf(plan), new HashSet<CustomerKey>(), cancellationToken);
    }

    // An erasure may have looked at the run, and found it ended, while this file was still being written.
    private async Task ForgetAsync(
        Run run, PlannedFile file, ExtractMapping mapping, IReadOnlySet<CustomerKey> leftOut, CancellationToken cancellationToken)
    {
        var since = await tombstones.KnownAsync(cancellationToken);
        since.ExceptWith(leftOut);
        if (since.Count > 0)
        {
            using var owner = new RawRowOwner(options.HashKey, mapping);
            await blobs.RewriteAsync(
                Names.Quarantine, Names.QuarantineOf(run.Id, file.Name), (from, to) => QuarantineCsv.Copy(from, owner, since, to), cancellationToken);
        }
    }

    // The result lives in a table's column, in which a character may take six.
    private static List<string> Shown(IReadOnlyList<string> columns)
    {
        var shown = new List<string>();
        var length = 0;
        foreach (var column in columns.Take(100).Select(static name => PlainText.Of(name, 64)))
        {
            length += column.Length;
            if (length > MaxShownCharacters)
            {
                break;
            }

            shown.Add(column);
        }

        return shown;
    }

    private (long? Used, int? FirstDay, IReadOnlySet<CustomerKey> Erased) Route(
        ExtractReader reader, PlannedFile file, StagedBlob segment, int partitions, CancellationToken cancellationToken)
    {
        try
        {
            return Route(reader, segment, partitions, file, cancellationToken);
        }
        catch (OversizedCustomerException e)
        {
            throw new ExtractRefusedException(file.Name, e.Message, cause: e);
        }
    }

    // Rates go to no partition: how many of them count is known at once.
    private (long? Used, int? FirstDay, IReadOnlySet<CustomerKey> Erased) Route(
        ExtractReader reader, StagedBlob segment, int partitions, PlannedFile file, CancellationToken cancellationToken)
    {
        if (reader is ErasureReader erasure)
        {
            var erased = erasures.Read(erasure, file, cancellationToken);
            return (erased.Count, null, erased);
        }

        if (reader is RateReader rate)
        {
            return (rate.ReadTable().Rates.LongCount(), null, new HashSet<CustomerKey>());
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
            return (null, transactions.FirstDay, new HashSet<CustomerKey>());
        }

        using var records = new RecordSegmentWriter(segment, partitions, options.HashKey.Span);
        while (reader.Read())
        {
            switch (reader)
            {
                case CustomerReader customer:
                    records.Add(customer.CustomerId, customer.Profile, customer.Contacts);
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
        return (null, null, new HashSet<CustomerKey>());
    }

    private static void StopWhenTold(long rows, CancellationToken cancellationToken)
    {
        if (rows % 65536 == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}

/// <summary>
/// The rows that were set aside, as a file that appears only when there are any. Those of people who are erased are counted and not written; which
/// people that are may differ when the unit is done again, and what it leaves out too few is taken out before the run is published. It is
/// bounded: what comes after that many rows is counted and not written.
/// </summary>
internal sealed class QuarantineFile(StagedBlob blob, RawRowOwner owner, IReadOnlySet<CustomerKey> erased) : IDisposable
{
    private const int MaxRows = 1_000_000;
    private const long MaxBytes = 1L << 30;

    private readonly QuarantineCsv _csv = new(blob);
    private readonly SortedDictionary<QuarantineReason, long> _reasons = [];
    private long _written;
    private bool _full;

    public IReadOnlyDictionary<QuarantineReason, long> Reasons => _reasons;

    public void Add(QuarantinedRow row)
    {
        _reasons[row.Reason] = _reasons.GetValueOrDefault(row.Reason) + 1;
        if (_full || owner.Find(row.Raw, erased).Count > 0)
        {
            return;
        }

        _full = _written == MaxRows || blob.Length > MaxBytes;
        if (_full)
        {
            _csv.AddEnd(row.Line);
            return;
        }

        _csv.Add(row);
        _written++;
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_written > 0)
        {
            _csv.Flush();
            await blob.CommitOnceAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _csv.Dispose();
        owner.Dispose();
        blob.Dispose();
    }
}
