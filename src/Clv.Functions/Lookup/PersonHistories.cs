using Azure;
using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Lookup;

/// <summary>Reads one person from a run's history, which means a whole partition of it.</summary>
public sealed class PersonHistories(NightBlobs blobs) : IDisposable
{
    // One at a time: whoever is on the phone shares the process.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What of a person counts; null when the run does not know the person.</summary>
    /// <exception cref="EarlierVersionException">The run was made by an earlier version of this program.</exception>
    public Task<PersonHistory?> FindAsync(string run, CustomerKey key, int partition, CancellationToken cancellationToken) =>
        ReadAsync(run, partition, (rows, profiles, contracts, interactions) => PersonHistory.Find(key, rows, profiles, contracts, interactions), cancellationToken);

    /// <summary>Everything that is held of a person; null when the run does not know the person.</summary>
    /// <exception cref="EarlierVersionException">The run was made by an earlier version of this program.</exception>
    public Task<HeldPerson?> FindHeldAsync(string run, CustomerKey key, int partition, CancellationToken cancellationToken) =>
        ReadAsync(run, partition, (rows, profiles, contracts, interactions) => HeldPerson.Find(key, rows, profiles, contracts, interactions), cancellationToken);

    /// <summary>Frees what keeps readers apart.</summary>
    public void Dispose() => _turn.Dispose();

    private async Task<T?> ReadAsync<T>(
        string run, int partition, Func<HistoryReader, RecordReader, RecordReader, RecordReader, T?> find, CancellationToken cancellationToken)
        where T : class
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var transactions = new HistoryReader(await OpenAsync(Names.HistoryOf(run, partition)), PartitionBooks.FromHistory);
            using var profiles = new RecordReader(await OpenAsync(Names.ProfilesOf(run, partition)), PartitionBooks.FromHistory);
            using var contracts = new RecordReader(await OpenAsync(Names.ContractsOf(run, partition)), PartitionBooks.FromHistory);
            using var interactions = new RecordReader(await OpenAsync(Names.InteractionsOf(run, partition)), PartitionBooks.FromHistory);
            return find(transactions, profiles, contracts, interactions);
        }
        finally
        {
            _turn.Release();
        }

        async Task<Stream> OpenAsync(string name)
        {
            try
            {
                return await blobs.OpenAsync(Names.History, name, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                throw new EarlierVersionException($"The files of run {run}");
            }
        }
    }
}
