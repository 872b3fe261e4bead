using System.Text;
using Clv.Core.History;
using Clv.Core.Valuation;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What valuing a partition came to.</summary>
/// <param name="Valued">Customers valued: everybody but prospects.</param>
public sealed record ValueResult(long Valued);

/// <summary>
/// Values the customers of a partition under tonight's models, and under those of the night that this one is compared with, so that a change
/// of the models can be told from a change of the customer.
/// </summary>
public sealed class ValueWork(NightBlobs blobs, NightKnowledge knowledge) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Value;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var valuer = await knowledge.ValuerAsync(run.Id, settings, run.Date.DayNumber, distribution: true, cancellationToken)
            ?? throw new InvalidOperationException($"The models of run {run.Id} are missing, or another version of this program wrote them: start the run again.");
        var before = await knowledge.ComparedValuerAsync(run, settings, cancellationToken);
        await using var facts = await blobs.OpenAsync(Names.Work, Names.Facts(run.Id, unit), cancellationToken);
        using var output = blobs.Stage(Names.Work, Names.Worth(run.Id, unit));
        await using var writer = new BinaryWriter(output, Encoding.UTF8, leaveOpen: true);
        long valued = 0;
        foreach (var person in FactsReader.ReadAll(facts).Where(static person => !person.IsProspect))
        {
            WorthFile.Write(writer, new ValuedCustomer(person.Key, before?.Future(person), valuer.Value(person)));
            if (++valued % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        writer.Flush();
        await output.CommitAsync(cancellationToken);
        return NightJson.Write(new ValueResult(valued));
    }
}
