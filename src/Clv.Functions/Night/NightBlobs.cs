using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>The night's files. Everything that is written appears whole or not at all.</summary>
public sealed class NightBlobs(StorageAccount storage)
{
    /// <summary>Creates the containers that are missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var name in Names.Containers)
        {
            await Container(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
    }

    /// <summary>The files of an extract folder: name within it and version. What only stands for a folder is none.</summary>
    public async Task<IReadOnlyList<(string Name, string ETag)>> ListExtractsAsync(DateOnly date, CancellationToken cancellationToken)
    {
        var folder = Names.Folder(date);
        var files = new List<(string, string)>();
        await foreach (var blob in Container(Names.Extracts).GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = folder }, cancellationToken))
        {
            if (!IsFolder(blob))
            {
                files.Add((blob.Name[folder.Length..], blob.Properties.ETag!.Value.ToString()));
            }
        }

        return files;
    }

    // Storage with a hierarchical namespace lists directories, and some tools write empty blobs in their place.
    private static bool IsFolder(BlobItem blob) =>
        blob.Name.EndsWith('/')
        || (blob.Metadata is { } metadata && metadata.TryGetValue("hdi_isfolder", out var folder) && folder.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>A small file of the extracts container, or null.</summary>
    /// <param name="path">The path in the container.</param>
    /// <param name="maxBytes">The most that is read.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="ExtractRefusedException">The file is larger.</exception>
    public async Task<BinaryData?> FindExtractAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        var blob = Container(Names.Extracts).GetBlobClient(path);
        try
        {
            var size = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
            return size <= maxBytes
                ? (await blob.DownloadContentAsync(cancellationToken)).Value.Content
                : throw new ExtractRefusedException(Path.GetFileName(path), $"larger than {maxBytes:N0} bytes");
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Opens an extract as it was when the run was planned; reads it in parts, so its size does not matter.</summary>
    /// <exception cref="ExtractRefusedException">The file was changed or removed since.</exception>
    public async Task<Stream> OpenExtractAsync(DateOnly date, PlannedFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await Container(Names.Extracts).GetBlobClient(Names.Folder(date) + file.Name).OpenReadAsync(
                new BlobOpenReadOptions(allowModifications: false) { Conditions = new BlobRequestConditions { IfMatch = new ETag(file.ETag) } },
                cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            throw new ExtractRefusedException(file.Name, "the file was changed or removed while the night ran: deliver the folder again and start a new run", cause: e);
        }
    }

    /// <summary>The slices of a file's segment that belong to a partition, in the order of the file, each in memory.</summary>
    public async Task<IReadOnlyList<Stream>> ReadSlicesAsync(string run, int file, int partition, CancellationToken cancellationToken)
    {
        var blob = Container(Names.Work).GetBlobClient(Names.Segment(run, file));
        async Task<BinaryData> Range(long offset, long length) =>
            length == 0 ? BinaryData.Empty : (await blob.DownloadContentAsync(
                new BlobDownloadOptions { Range = new HttpRange(offset, length) }, cancellationToken)).Value.Content;

        var size = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
        var trailer = size < SegmentIndex.TrailerSize ? BinaryData.Empty : await Range(size - SegmentIndex.TrailerSize, SegmentIndex.TrailerSize);
        var indexSize = SegmentIndex.Size(trailer);
        if (indexSize > size - SegmentIndex.TrailerSize)
        {
            throw new InvalidDataException("A segment's index is incomplete.");
        }

        var index = SegmentIndex.Read(await Range(size - SegmentIndex.TrailerSize - indexSize, indexSize), trailer);
        var slices = new List<Stream>();
        foreach (var slice in index.SlicesOf(partition))
        {
            slices.Add((await Range(slice.Offset, slice.Length)).ToStream());
        }

        return slices;
    }

    /// <summary>Whether a blob is there.</summary>
    public async Task<bool> ExistsAsync(string container, string name, CancellationToken cancellationToken) =>
        await Container(container).GetBlobClient(name).ExistsAsync(cancellationToken);

    /// <summary>Opens a blob for reading in parts.</summary>
    public async Task<Stream> OpenAsync(string container, string name, CancellationToken cancellationToken) =>
        await Container(container).GetBlobClient(name).OpenReadAsync(cancellationToken: cancellationToken);

    /// <summary>A whole blob that is known to be small, or null.</summary>
    public async Task<BinaryData?> FindAsync(string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await Container(container).GetBlobClient(name).DownloadContentAsync(cancellationToken)).Value.Content;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Writes a small blob, in place of what was there.</summary>
    public async Task PutAsync(string container, string name, BinaryData content, CancellationToken cancellationToken) =>
        await Container(container).GetBlobClient(name).UploadAsync(content, overwrite: true, cancellationToken);

    /// <summary>Writes a small blob unless there is one already.</summary>
    /// <returns>What is there now: this content, or that of the first writer.</returns>
    public async Task<BinaryData> PutOnceAsync(string container, string name, BinaryData content, CancellationToken cancellationToken)
    {
        var blob = Container(container).GetBlobClient(name);
        try
        {
            await blob.UploadAsync(
                content, new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancellationToken);
            return content;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return (await blob.DownloadContentAsync(cancellationToken)).Value.Content;
        }
    }

    /// <summary>
    /// Writes a small blob that is made from others, unless somebody else writes it meanwhile: then it is made anew. So of several writers the last has
    /// seen what the ones before it had.
    /// </summary>
    /// <param name="container">The blob's container.</param>
    /// <param name="name">Its name.</param>
    /// <param name="make">Makes the content; the blob stays as it is when it has that already, or when the content is null.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task PutLatestAsync(string container, string name, Func<Task<BinaryData?>> make, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(make);
        var blob = Container(container).GetBlobClient(name);
        while (true)
        {
            var before = await ReadAsync();
            var content = await make();
            if (content is null || before is { Content: var written } && written.ToMemory().Span.SequenceEqual(content.ToMemory().Span))
            {
                return;
            }

            try
            {
                var unchanged = before is null
                    ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                    : new BlobRequestConditions { IfMatch = before.Details.ETag };
                await blob.UploadAsync(content, new BlobUploadOptions { Conditions = unchanged }, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412)
            {
                // Another writer was faster, or the answer to this very write was lost.
            }
        }

        async Task<BlobDownloadResult?> ReadAsync()
        {
            try
            {
                return (await blob.DownloadContentAsync(cancellationToken)).Value;
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return null;
            }
        }
    }

    /// <summary>The dates of the extract folders there are, in order.</summary>
    public async Task<IReadOnlyList<DateOnly>> ListDatesAsync(CancellationToken cancellationToken)
    {
        var dates = new List<DateOnly>();
        await foreach (var item in Container(Names.Extracts).GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/" }, cancellationToken))
        {
            if (item.IsPrefix && DateOnly.TryParseExact(item.Prefix.TrimEnd('/'), "yyyy-MM-dd", out var date))
            {
                dates.Add(date);
            }
        }

        return dates;
    }

    /// <summary>The names of the blobs below a prefix.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string container, string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var blob in Container(container).GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken))
        {
            names.Add(blob.Name);
        }

        return names;
    }

    /// <summary>What is noted of the blobs below a prefix, by their names.</summary>
    public async Task<IReadOnlyDictionary<string, IDictionary<string, string>>> ListNotesAsync(
        string container, string prefix, CancellationToken cancellationToken)
    {
        var notes = new Dictionary<string, IDictionary<string, string>>(StringComparer.Ordinal);
        await foreach (var blob in Container(container).GetBlobsAsync(new GetBlobsOptions { Traits = BlobTraits.Metadata, Prefix = prefix }, cancellationToken))
        {
            notes[blob.Name] = blob.Metadata ?? new Dictionary<string, string>();
        }

        return notes;
    }

    /// <summary>The names of a container's outermost folders, which are those of runs; none of a container that is not there.</summary>
    public async Task<IReadOnlyList<string>> ListRunsAsync(string container, CancellationToken cancellationToken)
    {
        var runs = new List<string>();
        try
        {
            await foreach (var item in Container(container).GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/" }, cancellationToken))
            {
                if (item.IsPrefix)
                {
                    runs.Add(item.Prefix.TrimEnd('/'));
                }
            }
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Before the first night.
        }

        return runs;
    }

    /// <summary>
    /// Writes a blob once more without a part of it, unless somebody else writes it meanwhile: then their version is read and copied anew. So
    /// of two who take out different parts both succeed.
    /// </summary>
    /// <typeparam name="T">What is told of the parts.</typeparam>
    /// <param name="container">The blob's container.</param>
    /// <param name="name">Its name.</param>
    /// <param name="copy">Copies the blob and tells what it left out; when that is nothing, the blob stays as it is.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <param name="before">What is done before the blob changes; null for nothing.</param>
    /// <param name="notes">Tells what is to be noted of the copy, once it is made; null for nothing.</param>
    /// <returns>What was left out; null when there is no such blob.</returns>
    internal async Task<IReadOnlyCollection<T>?> RewriteAsync<T>(
        string container,
        string name,
        Func<Stream, Stream, IReadOnlyCollection<T>> copy,
        CancellationToken cancellationToken,
        Func<Task>? before = null,
        Func<IReadOnlyDictionary<string, string>>? notes = null)
    {
        const string WriterMark = "rewrite";
        var blob = Container(container).GetBlockBlobClient(name);
        IReadOnlyCollection<T> leftOut = [];
        string? written = null;
        while (true)
        {
            try
            {
                var properties = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
                if (written is not null && properties.Metadata.TryGetValue(WriterMark, out var mark) && mark == written)
                {
                    // The answer to this very write was lost.
                    return leftOut;
                }

                var unchanged = new BlobRequestConditions { IfMatch = properties.ETag };
                var writer = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray()) | 1;
                // Most files have nothing of the kind: nothing is sent for those.
                await using (var look = await OpenAsync(unchanged))
                {
                    leftOut = copy(look, Stream.Null);
                }

                if (leftOut.Count == 0)
                {
                    return leftOut;
                }

                if (before is not null)
                {
                    await before();
                }

                await using var from = await OpenAsync(unchanged);
                using var to = new StagedBlob(blob, writer);
                leftOut = copy(from, to);
                written = $"{writer:x16}";
                await to.CommitAsync(
                    cancellationToken,
                    new CommitBlockListOptions
                    {
                        Conditions = unchanged,
                        Metadata = new Dictionary<string, string>(notes?.Invoke() ?? new Dictionary<string, string>()) { [WriterMark] = written },
                    });
                return leftOut;
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                return null;
            }
            catch (RequestFailedException e) when (e.Status == 412 || e.ErrorCode == BlobErrorCode.InvalidBlockList)
            {
                // Another writer was faster.
            }
        }

        Task<Stream> OpenAsync(BlobRequestConditions unchanged) =>
            blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { Conditions = unchanged }, cancellationToken);
    }

    /// <summary>Removes everything below a prefix.</summary>
    public async Task RemoveAsync(string container, string prefix, CancellationToken cancellationToken)
    {
        await foreach (var blob in Container(container).GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken))
        {
            await Container(container).DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Removes the work of a run that nothing needs any more once its scores are complete.</summary>
    public async Task RemoveSpentAsync(string run, CancellationToken cancellationToken)
    {
        foreach (var spent in Names.SpentBeforePublishing(run))
        {
            await RemoveAsync(Names.Work, spent, cancellationToken);
        }
    }

    internal StagedBlob Stage(string container, string name) => new(Container(container).GetBlockBlobClient(name));

    /// <summary>A blob whose bytes may be others than those of a writer at the same time.</summary>
    internal StagedBlob StageAlone(string container, string name) =>
        new(Container(container).GetBlockBlobClient(name), BitConverter.ToUInt64(Guid.NewGuid().ToByteArray()) | 1);

    private BlobContainerClient Container(string name) => storage.Blobs.GetBlobContainerClient(name);
}
