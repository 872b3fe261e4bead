using System.Text;
using Azure;
using Clv.Core;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Relationship;
using Clv.Functions.Lookup;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Privacy;

/// <summary>Puts together what is held of a person. Reads a partition's history, so it is for a request of access, not for somebody on the phone.</summary>
public sealed class PersonRecords(
    NightBlobs blobs,
    RunTable runs,
    NightKnowledge knowledge,
    CustomerLookup lookup,
    PersonHistories histories,
    Tombstones tombstones,
    ClvOptions options)
{
    /// <summary>The pseudonym of a person.</summary>
    /// <param name="normalId">The customer's id in its one spelling (<see cref="CustomerId"/>).</param>
    public CustomerKey KeyOf(ReadOnlyMemory<byte> normalId) => CustomerKey.Of(normalId.Span, options.HashKey.Span);

    /// <summary>What is held of a person in the published run.</summary>
    /// <param name="normalId">The customer's id in its one spelling.</param>
    /// <param name="language">The language of the score's labels and sentences, <c>en</c> or <c>de</c>; null for the run's own.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidOperationException">The hash key is not the one that the published run was made with.</exception>
    /// <exception cref="EarlierVersionException">The run was made by an earlier version of this program.</exception>
    public async Task<PersonRecord> FindAsync(ReadOnlyMemory<byte> normalId, string? language, CancellationToken cancellationToken)
    {
        var key = KeyOf(normalId);
        var record = new PersonRecord
        {
            Key = key.ToString(),
            Erasure = await tombstones.FindAsync(key, cancellationToken) is { } tombstone ? ErasureAnswer.Of(tombstone, options.AuditDays) : null,
        };
        var found = await lookup.FindAsync(normalId, language, cancellationToken);
        if (found.Run is not { } served || await runs.FindAsync(served.Id, cancellationToken) is not { Settings: { } settings })
        {
            return record;
        }

        var partition = key.Partition(settings.Partitions);
        var held = await histories.FindHeldAsync(served.Id, key, partition, cancellationToken);
        return record with
        {
            Run = served,
            CustomerId = held?.CustomerId,
            Currency = settings.Currency,
            Profile = held?.Profile is { } profile ? RecordedProfile.Of(profile) : null,
            Transactions = held?.Transactions is { } rows ? Transactions(rows) : [],
            Contracts = [.. (held?.Contracts ?? []).Select(RecordedContract.Of)],
            Interactions = [.. (held?.Interactions ?? []).Select(RecordedInteraction.Of)],
            Standing = await StandingAsync(served.Id, partition, key, cancellationToken) is { } standing ? RecordedStanding.Of(standing) : null,
            Score = found.Score,
            Exported = await ReadAsync(Names.Exports, Names.ExportedScores(served.Id, partition), file => ScoreExportFile.Find(file, key), cancellationToken),
            Events = await ReadAsync(Names.Exports, Names.Events(served.Id), file => EventFile.Find(file, key), cancellationToken) ?? [],
            SetAside = await SetAsideAsync(served.Id, key, cancellationToken),
        };
    }

    private static List<RecordedTransaction> Transactions(CustomerRows rows)
    {
        var list = new List<RecordedTransaction>(rows.Count);
        for (var row = 0; row < rows.Count; row++)
        {
            list.Add(new RecordedTransaction(
                Text(rows.TransactionId(row)),
                DateOnly.FromDayNumber(rows.Days[row]),
                new Money(rows.Micros[row]).ToDecimal(),
                rows.Margins[row] == TransactionReader.NoMargin ? null : new Money(rows.Margins[row]).ToDecimal(),
                Text(rows.Category(row))));
        }

        return list;

        static string? Text(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : Encoding.UTF8.GetString(bytes);
    }

    private Task<Standing?> StandingAsync(string run, int partition, CustomerKey key, CancellationToken cancellationToken) => ReadAsync(
        Names.History, Names.StandingOf(run, partition), file => StandingFile.Read(file).FirstOrDefault(standing => standing.Key == key), cancellationToken);

    private async Task<IReadOnlyList<RecordedQuarantine>> SetAsideAsync(string run, CustomerKey key, CancellationToken cancellationToken)
    {
        var rows = new List<RecordedQuarantine>();
        using var owner = new RawRowOwner(options.HashKey, NightKnowledge.MappingOf(await knowledge.PlanAsync(run, cancellationToken)));
        foreach (var name in await blobs.ListAsync(Names.Quarantine, $"{run}/", cancellationToken))
        {
            var found = await ReadAsync(Names.Quarantine, name, file => QuarantineCsv.Find(file, owner, key), cancellationToken);
            rows.AddRange((found ?? []).Select(row => new RecordedQuarantine(name, row.Line, row.Column, row.Reason)));
        }

        return rows;
    }

    private async Task<T?> ReadAsync<T>(string container, string name, Func<Stream, T> read, CancellationToken cancellationToken)
        where T : class?
    {
        try
        {
            await using var file = await blobs.OpenAsync(container, name, cancellationToken);
            return read(file);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }
}
