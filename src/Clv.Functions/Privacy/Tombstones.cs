using System.Text;
using Azure;
using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Functions.Audit;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Privacy;

/// <summary>
/// The table of the people who are erased and stay so: PartitionKey <c>tombstone</c>, RowKey the pseudonym. A tombstone is the first thing that an
/// erasure writes: from then on no night brings the person back, and an erasure that died is found and finished.
/// </summary>
public sealed class Tombstones(StorageAccount storage, NightBlobs blobs, AuditTable audit, ClvOptions options, TimeProvider time)
{
    private const string Partition = "tombstone";
    private const int RowsAtOnce = 100;

    private readonly TableClient _table = storage.Tables.GetTableClient(Names.Erasures);

    private volatile bool _exists;

    /// <summary>Asks for a person's erasure.</summary>
    /// <param name="key">The person.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="source">Where.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The tombstone as it stands, which is an earlier one's when the person was erased before.</returns>
    public async Task<Tombstone> RequestAsync(CustomerKey key, string by, string source, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        while (true)
        {
            if (await FindAsync(key, cancellationToken) is { } there)
            {
                return there;
            }

            try
            {
                await _table.AddEntityAsync(New(key, by, source), cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                // Somebody asked at the same moment, or this write's answer was lost.
            }
        }
    }

    /// <summary>Asks for the erasure of everybody whom an extract names.</summary>
    public async Task RequestAllAsync(IReadOnlySet<CustomerKey> keys, string run, string file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
        {
            return;
        }

        await audit.WriteAsync(new AuditEntry(Pointer.Night, "erase", "requested", Run: run, Detail: $"{keys.Count} people of {file}"), cancellationToken);
        var known = await KeysAsync(cancellationToken);
        foreach (var chunk in keys.Where(key => !known.Contains(key)).Chunk(RowsAtOnce))
        {
            try
            {
                await _table.SubmitTransactionAsync(
                    chunk.Select(key => new TableTransactionAction(TableTransactionActionType.Add, New(key, Pointer.Night, run))), cancellationToken);
            }
            catch (TableTransactionFailedException e) when (e.Status == 409)
            {
                // Somebody asked for one of them at the same moment.
                foreach (var key in chunk)
                {
                    await RequestAsync(key, Pointer.Night, run, cancellationToken);
                }
            }
        }
    }

    /// <summary>A person's tombstone, or null.</summary>
    public async Task<Tombstone?> FindAsync(CustomerKey key, CancellationToken cancellationToken) =>
        await RowAsync(key, cancellationToken) is { } row ? Read(row) : null;

    /// <summary>All tombstones, in the order of keys.</summary>
    public async IAsyncEnumerable<Tombstone> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        await foreach (var row in _table.QueryAsync<TableEntity>($"PartitionKey eq '{Partition}'", cancellationToken: cancellationToken))
        {
            yield return Read(row);
        }
    }

    /// <summary>The people who have one.</summary>
    /// <exception cref="NightRefusedException">Some were made with another hash key, so they keep nobody out.</exception>
    public Task<HashSet<CustomerKey>> KeysAsync(CancellationToken cancellationToken) => KeysAsync($"PartitionKey eq '{Partition}'", cancellationToken);

    /// <summary>Everybody with a tombstone under the hash key that is set: who can be found by it.</summary>
    public Task<HashSet<CustomerKey>> KnownAsync(CancellationToken cancellationToken) =>
        KeysAsync($"PartitionKey eq '{Partition}' and HashKey eq '{options.HashKeyFingerprint}'", cancellationToken);

    /// <summary>The people whose erasure is not done yet, under the hash key that is set.</summary>
    public Task<HashSet<CustomerKey>> RequestedAsync(CancellationToken cancellationToken) => KeysAsync(
        $"PartitionKey eq '{Partition}' and State eq '{nameof(ErasureState.Requested)}' and HashKey eq '{options.HashKeyFingerprint}'", cancellationToken);

    /// <summary>
    /// The people whom a run leaves out: those who had a tombstone when the run's first unit asked, for all its units and however often they run.
    /// </summary>
    public async Task<IReadOnlySet<CustomerKey>> TakeDownAsync(string run, CancellationToken cancellationToken)
    {
        if (await blobs.ExistsAsync(Names.Work, Names.Erased(run), cancellationToken))
        {
            return await TakenDownAsync(run, cancellationToken);
        }

        var text = new StringBuilder();
        foreach (var key in (await KeysAsync(cancellationToken)).Order())
        {
            text.Append(key).Append('\n');
        }

        return Parse(await blobs.PutOnceAsync(Names.Work, Names.Erased(run), BinaryData.FromString(text.ToString()), cancellationToken));
    }

    /// <summary>The people whom a run leaves out, where that was taken down; else nobody.</summary>
    public async Task<IReadOnlySet<CustomerKey>> TakenDownAsync(string run, CancellationToken cancellationToken) =>
        Parse(await blobs.FindAsync(Names.Work, Names.Erased(run), cancellationToken));

    /// <summary>Adds to a receipt. Does nothing when the tombstone was lifted.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="add">What changes.</param>
    /// <param name="done">Whether the erasure is done with it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task UpdateAsync(CustomerKey key, Func<ErasureReceipt, ErasureReceipt> add, bool done, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(add);
        while (await RowAsync(key, cancellationToken) is { } row)
        {
            var before = ErasureReceipt.Parse(row.GetString("Receipt"));
            var after = add(before);
            var ends = done && row.GetString("State") != nameof(ErasureState.Done);
            if (ReferenceEquals(after, before) && !ends)
            {
                return;
            }

            var changed = new TableEntity(Partition, key.ToString()) { ["Receipt"] = NightJson.Write(after) };
            if (ends)
            {
                changed["State"] = nameof(ErasureState.Done);
                changed["DoneAt"] = time.GetUtcNow();
            }

            try
            {
                await _table.UpdateEntityAsync(changed, row.ETag, TableUpdateMode.Merge, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status is 404 or 412)
            {
                // Somebody else has added to it, or it was lifted: look again.
            }
        }
    }

    /// <summary>Takes a tombstone away, so that the next extract with the person counts again.</summary>
    /// <returns>False when there was none.</returns>
    public async Task<bool> LiftAsync(CustomerKey key, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        return (await _table.DeleteEntityAsync(Partition, key.ToString(), cancellationToken: cancellationToken)).Status != 404;
    }

    /// <summary>Reads what <see cref="TakeDownAsync"/> wrote; nobody where it wrote nothing.</summary>
    internal static IReadOnlySet<CustomerKey> Parse(BinaryData? keys) =>
        (keys?.ToString() ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => CustomerKey.Read(Convert.FromHexString(line))).ToHashSet();

    private async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!_exists)
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);
            _exists = true;
        }
    }

    private async Task<HashSet<CustomerKey>> KeysAsync(string filter, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        var keys = new HashSet<CustomerKey>();
        var others = 0;
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["RowKey", "HashKey"], cancellationToken: cancellationToken))
        {
            keys.Add(CustomerKey.Read(Convert.FromHexString(row.RowKey)));
            others += row.GetString("HashKey") == options.HashKeyFingerprint ? 0 : 1;
        }

        return others == 0
            ? keys
            : throw new NightRefusedException(
                $"Setting Clv:HashKey is not the one that {others} erasures were recorded with, so these people would come back: set it back, or name "
                + "them in an erasures*.csv of the snapshot that changes the key and lift the earlier erasures (DELETE /api/erasures/{key}).");
    }

    private async Task<TableEntity?> RowAsync(CustomerKey key, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(Partition, key.ToString(), cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            ? row
            : null;

    private TableEntity New(CustomerKey key, string by, string source) => new(Partition, key.ToString())
    {
        ["State"] = nameof(ErasureState.Requested),
        ["RequestedAt"] = time.GetUtcNow(),
        ["RequestedBy"] = by,
        ["Source"] = source,
        ["HashKey"] = options.HashKeyFingerprint,
    };

    private static Tombstone Read(TableEntity row) => new(
        CustomerKey.Read(Convert.FromHexString(row.RowKey)),
        Enum.Parse<ErasureState>(row.GetString("State")!),
        row.GetDateTimeOffset("RequestedAt")!.Value,
        row.GetString("RequestedBy")!,
        row.GetString("Source")!,
        row.GetDateTimeOffset("DoneAt"),
        ErasureReceipt.Parse(row.GetString("Receipt")),
        row.GetString("HashKey")!);
}
