using Clv.Core.History;

namespace Clv.Functions.Privacy;

/// <summary>How far an erasure is.</summary>
public enum ErasureState
{
    /// <summary>No night brings the person back any more; what earlier nights hold is being removed.</summary>
    Requested,

    /// <summary>Nothing of the person is held any more.</summary>
    Done,
}

/// <summary>That a person is erased and stays so.</summary>
/// <param name="Key">The person's pseudonym.</param>
/// <param name="State">How far the erasure is.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="RequestedBy">Who asked: a caller (<see cref="Access.Caller.Id"/>), or <c>night</c> for an extract.</param>
/// <param name="Source"><c>api</c>, <c>command-line</c>, or the run whose extract asked.</param>
/// <param name="DoneAt">When it was done; null until then.</param>
/// <param name="Receipt">What was removed so far.</param>
/// <param name="HashKey">Which hash key the pseudonym was made with (<see cref="ClvOptions.HashKeyFingerprint"/>).</param>
public sealed record Tombstone(
    CustomerKey Key,
    ErasureState State,
    DateTimeOffset RequestedAt,
    string RequestedBy,
    string Source,
    DateTimeOffset? DoneAt,
    ErasureReceipt Receipt,
    string HashKey);
