namespace Clv.Cli.Emulator;

/// <summary>A lock between processes, held by keeping a file open; the system releases it when its holder dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    /// <summary>Waits for the lock and returns its holder. The file stays behind: deleting it would let two processes lock two files.</summary>
    public static async Task<IDisposable> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (IsHeldByAnother(exception))
            {
                try
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new EmulatorException(
                        $"Another process has held {path} for {Patience.TotalMinutes} minutes. End it, then run again.", exception);
                }
            }
        }
    }

    // A missing folder or a full disk is an IOException too, but never goes away by waiting.
    private static bool IsHeldByAnother(IOException exception)
    {
        const int windowsSharingViolation = unchecked((int)0x80070020);
        const int linuxWouldBlock = 11;
        const int macWouldBlock = 35;
        return exception.HResult is windowsSharingViolation or linuxWouldBlock or macWouldBlock;
    }
}
