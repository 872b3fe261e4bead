using Azure;
using Azure.Data.Tables.Models;
using Clv.Core.Callers;
using Clv.Core.History;
using Clv.Functions.Storage;
using Polly;

namespace Clv.Functions.Lookup;

/// <content>Several customers at once: those of a caller, and those of a list of ids.</content>
public sealed partial class CustomerLookup
{
    private const int ReadsAtOnce = 16;

    private readonly ResiliencePipeline<Served?> _served;
    private readonly ResiliencePipeline<CustomerAnswer?> _score;
    private readonly ResiliencePipeline<IReadOnlyList<CustomerKey>> _callers;
    private readonly ResiliencePipeline _several;

    /// <summary>Finds everybody who has a phone number or an e-mail address: a range of rows, then a point read for each, side by side.</summary>
    /// <param name="contact">The number or the address, in its one spelling.</param>
    /// <param name="language">As for one customer.</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    /// <exception cref="InvalidOperationException">The hash key is not the one that the published run was made with.</exception>
    /// <exception cref="EarlierVersionException">The run was published by an earlier version, which kept no callers.</exception>
    public async Task<CallerResult> FindCallerAsync(ContactPoint contact, string? language, CancellationToken cancellationToken) =>
        await _several.ExecuteAsync(
            async token =>
            {
                if (await _served.ExecuteAsync(async t => await ServedAsync(t), token) is not { } served)
                {
                    return new CallerResult(null, [], More: false);
                }

                var keys = await _callers.ExecuteAsync(async t => await CallersAsync(served, contact, t), token);
                var scores = await ScoresAsync(served, [.. keys.Take(CallerTable.MostTold)], language, token);
                return new CallerResult(
                    served.Run,
                    [.. scores.OfType<CustomerAnswer>().OrderByDescending(static score => score.Worth).ThenBy(static score => score.Key, StringComparer.Ordinal)],
                    keys.Count > CallerTable.MostTold);
            },
            cancellationToken);

    /// <summary>Finds the customers of a list of ids: a point read for each, side by side.</summary>
    /// <param name="normalIds">The ids, each in its one spelling.</param>
    /// <param name="language">As for one customer.</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    /// <exception cref="InvalidOperationException">The hash key is not the one that the published run was made with.</exception>
    public async Task<BatchResult> FindAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> normalIds, string? language, CancellationToken cancellationToken) =>
        await _several.ExecuteAsync(
            async token =>
            {
                if (await _served.ExecuteAsync(async t => await ServedAsync(t), token) is not { } served)
                {
                    return new BatchResult(null, [], []);
                }

                var scores = await ScoresAsync(served, [.. normalIds.Select(KeyOf)], language, token);
                return new BatchResult(
                    served.Run, [.. scores.OfType<CustomerAnswer>()], [.. Enumerable.Range(0, scores.Length).Where(i => scores[i] is null)]);
            },
            cancellationToken);

    private async Task<IReadOnlyList<CustomerKey>> CallersAsync(Served served, ContactPoint contact, CancellationToken cancellationToken)
    {
        try
        {
            return await CallerTable.ReadAsync(
                _tables.GetTableClient(Names.Callers(served.Run.Id)), CallerKey.Of(contact, _options.HashKey.Span), served.Settings.Partitions, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            throw new EarlierVersionException($"The scores of run {served.Run.Id}");
        }
    }

    private async Task<CustomerAnswer?[]> ScoresAsync(Served served, IReadOnlyList<CustomerKey> keys, string? language, CancellationToken cancellationToken)
    {
        var scores = new CustomerAnswer?[keys.Count];
        await Parallel.ForAsync(
            0,
            scores.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => scores[i] = await _score.ExecuteAsync(async t => await ScoreAsync(served, keys[i], language, t), token));
        return scores;
    }
}

/// <summary>The people of a phone number or an e-mail address.</summary>
/// <param name="Run">The run that was asked; null when nothing has been published yet.</param>
/// <param name="Customers">Their scores, who is worth most first; none when the run knows nobody.</param>
/// <param name="More">Whether there are more people than <see cref="CallerTable.MostTold"/>, of whom no more are told.</param>
public sealed record CallerResult(ServedRun? Run, IReadOnlyList<CustomerAnswer> Customers, bool More);

/// <summary>The customers of a list of ids.</summary>
/// <param name="Run">The run that was asked; null when nothing has been published yet.</param>
/// <param name="Customers">The scores of those whom the run knows, in the order of the list.</param>
/// <param name="Unknown">The places in the list, from 0, of those whom it does not know.</param>
public sealed record BatchResult(ServedRun? Run, IReadOnlyList<CustomerAnswer> Customers, IReadOnlyList<int> Unknown);
