using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>A partition's part of the export while its people are scored. Memory is a block of the blob and one person.</summary>
internal sealed class ScoreExportPart : IDisposable
{
    private readonly Run _run;
    private readonly RunSettings _settings;
    private readonly RecordReader _ids;
    private readonly CustomerRecords _person = new();
    private readonly StagedBlob _blob;
    private readonly ScoreExportFile _file;

    private ScoreExportPart(Run run, RunSettings settings, RecordReader ids, StagedBlob blob)
    {
        (_run, _settings, _ids, _blob) = (run, settings, ids, blob);
        _file = new ScoreExportFile(blob);
    }

    /// <summary>Rows written: one per person.</summary>
    public long Rows { get; private set; }

    /// <summary>Starts a partition's part.</summary>
    public static async Task<ScoreExportPart> StartAsync(
        NightBlobs blobs, Run run, RunSettings settings, int partition, CancellationToken cancellationToken) => new(
            run,
            settings,
            new RecordReader(await blobs.OpenAsync(Names.Work, Names.Ids(run.Id, partition), cancellationToken), PartitionBooks.FromHistory),
            // Two machines may pack the same rows into different bytes, so the blocks of two deliveries must not mix.
            blobs.StageAlone(Names.Exports, Names.ExportedScores(run.Id, partition)));

    /// <summary>Writes a person.</summary>
    /// <param name="facts">What is known; people come in the order of keys.</param>
    /// <param name="card">What lookups are answered from.</param>
    /// <exception cref="InvalidDataException">The partition's ids are of other people.</exception>
    public void Write(CustomerFacts facts, CustomerCard card)
    {
        if (!_ids.TryFind(facts.Key))
        {
            throw new InvalidDataException($"Run {_run.Id} has no id for the customer {facts.Key}.");
        }

        _ids.ReadRows(_person, first: true);
        _file.Write(_person.CustomerId, new ExportedScore(_run.Date, _settings.Currency, facts, card));
        Rows++;
    }

    /// <summary>Makes the part visible, unless another delivery of the unit has: somebody may have been erased from that one since.</summary>
    public Task CommitOnceAsync(CancellationToken cancellationToken) => _blob.CommitOnceAsync(cancellationToken, _file.Complete().ToNotes());

    /// <summary>Closes the ids and frees the buffers.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _blob.Dispose();
        _ids.Dispose();
    }
}
