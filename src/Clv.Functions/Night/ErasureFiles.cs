using System.Globalization;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// Whom a night's files say to erase. What is erased is gone for good, from every night that could be rolled back to: the one step that wrong files must
/// not make unseen. So nobody is asked to be erased before all of the files are read, and together they name no more than may be.
/// </summary>
public sealed class ErasureFiles(NightBlobs blobs, ClvOptions options)
{
    private const int MaxPeople = 1_000_000;

    /// <summary>Reads whom a file names.</summary>
    /// <exception cref="ExtractRefusedException">They are more than any night may erase.</exception>
    internal HashSet<CustomerKey> Read(ErasureReader reader, PlannedFile file, CancellationToken cancellationToken)
    {
        var named = new HashSet<CustomerKey>();
        Add(named, reader, file, cancellationToken);
        return named;
    }

    /// <summary>
    /// Checks what all the files of a night come to. Each of their units does, unless one has: they are the same files, so it does not matter which.
    /// </summary>
    /// <param name="run">The night.</param>
    /// <param name="plan">Its files.</param>
    /// <param name="file">The file that the caller has read.</param>
    /// <param name="people">Whom it names.</param>
    /// <param name="mapping">How their columns are named.</param>
    /// <param name="rules">What makes a row usable.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ExtractRefusedException">They are too many, or one of the files cannot be used.</exception>
    internal async Task CheckAsync(
        Run run,
        Plan plan,
        PlannedFile file,
        IReadOnlySet<CustomerKey> people,
        ExtractMapping mapping,
        ExtractRules rules,
        CancellationToken cancellationToken)
    {
        var others = plan.Files.Where(other => other.Content == FileContent.Erasures && other.Name != file.Name).ToList();
        if (others.Count > 0 && await blobs.ExistsAsync(Names.Work, Names.ErasuresChecked(run.Id), cancellationToken))
        {
            return;
        }

        var named = people.ToHashSet();
        foreach (var other in others)
        {
            await using var raw = new HashedStream(await blobs.OpenExtractAsync(run.Date, other, cancellationToken), hashes: other.Sha256 is not null);
            // Rows that cannot be used are set aside by the file's own unit.
            using var reader = new ErasureReader(ExtractStream.Open(raw, other.Name), other.Name, mapping, rules, static _ => { });
            Add(named, reader, other, cancellationToken);
            FilePromises.Check(other, reader.RowsRead, raw);
        }

        if (named.Count > PublishGate.Few
            && plan.Settings.LastPublished is { } last
            && await blobs.FindAsync(Names.Reports, Names.Books(last), cancellationToken) is { } written
            && NightJson.Read<LastBooks>(written).Persons is { } persons
            && named.Count > persons * options.Gate.MaximumErasedShare)
        {
            throw new ExtractRefusedException(
                file.Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it names {people.Count:N0} people to erase{(others.Count > 0 ? $", all {others.Count + 1} erasures files {named.Count:N0}" : "")}, more than {options.Gate.MaximumErasedShare * 100:0.##} % of the {persons:N0} of run {last} (Clv:MaximumErasedShare): ")
                + "if that is meant, raise the setting and start the run again; if not, deliver the folder again");
        }

        if (others.Count > 0)
        {
            await blobs.PutAsync(Names.Work, Names.ErasuresChecked(run.Id), BinaryData.Empty, cancellationToken);
        }
    }

    private void Add(HashSet<CustomerKey> named, ErasureReader reader, PlannedFile file, CancellationToken cancellationToken)
    {
        while (reader.Read())
        {
            named.Add(CustomerKey.Of(reader.CustomerId, options.HashKey.Span));
            if (named.Count > MaxPeople)
            {
                throw new ExtractRefusedException(
                    file.Name,
                    $"with it the night names more than {MaxPeople:N0} people to erase, and so many are not erased unseen: deliver a snapshot without them, or some of them on another day");
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
