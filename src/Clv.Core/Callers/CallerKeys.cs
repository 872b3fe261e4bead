using System.Collections;

namespace Clv.Core.Callers;

/// <summary>The keys of all numbers and addresses of one person, each once and in order: the same people give the same bytes.</summary>
public sealed class CallerKeys : IReadOnlyList<CallerKey>, IEquatable<CallerKeys>
{
    private readonly CallerKey[] _keys;

    /// <summary>Puts keys in order.</summary>
    /// <param name="keys">In any order, also more than once.</param>
    public CallerKeys(IEnumerable<CallerKey> keys) => _keys = [.. keys.Distinct().Order()];

    /// <summary>No key.</summary>
    public static CallerKeys None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _keys.Length;

    /// <inheritdoc/>
    public CallerKey this[int index] => _keys[index];

    /// <inheritdoc/>
    public bool Equals(CallerKeys? other) => other is not null && _keys.AsSpan().SequenceEqual(other._keys);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CallerKeys);

    /// <inheritdoc/>
    public override int GetHashCode() => _keys.Length == 0 ? 0 : HashCode.Combine(_keys.Length, _keys[0]);

    /// <inheritdoc/>
    public IEnumerator<CallerKey> GetEnumerator() => _keys.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
