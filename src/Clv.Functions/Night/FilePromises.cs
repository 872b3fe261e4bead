using Clv.Core.Extracts;

namespace Clv.Functions.Night;

/// <summary>What a manifest promises of a file.</summary>
internal static class FilePromises
{
    /// <summary>Compares it with what was read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="read">Rows read.</param>
    /// <param name="raw">Its bytes, which are read to their end if their hash is promised.</param>
    /// <exception cref="ExtractRefusedException">The file is another one than promised.</exception>
    public static void Check(PlannedFile file, long read, HashedStream raw)
    {
        if (file.Rows is { } promised && promised != read)
        {
            throw new ExtractRefusedException(
                file.Name, $"the manifest promises {promised} rows, the file has {read}: it was cut short or the manifest is wrong; deliver both again");
        }

        if (file.Sha256?.Equals(raw.Sha256(), StringComparison.OrdinalIgnoreCase) == false)
        {
            throw new ExtractRefusedException(file.Name, "its SHA-256 is not the manifest's: it was damaged on the way; deliver it again");
        }
    }
}
