using Clv.Functions.Night;

namespace Clv.Functions.Lookup;

/// <summary>
/// Which run is published, for whoever asks for health: storage is asked once a second at most, however many ask, so that a flood of
/// strangers does not reach it.
/// </summary>
public sealed class PublishedAge(CustomerLookup lookup, TimeProvider time)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);

    private readonly Lock _turn = new();
    private Task<PublishedRun?>? _asked;
    private long _askedAt;

    /// <summary>The published run as of a second ago; null before the first night.</summary>
    public Task<PublishedRun?> FindAsync(CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            if (_asked is null || (_asked.IsCompleted && time.GetElapsedTime(_askedAt) >= Lasts))
            {
                // Not ended with the request: others wait for the same answer.
                _asked = lookup.PublishedAsync(CancellationToken.None);
                _askedAt = time.GetTimestamp();
            }

            return _asked.WaitAsync(cancellationToken);
        }
    }
}
