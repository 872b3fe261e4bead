using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Azure.Data.Tables;

/// <content>The bag itself.</content>
[SuppressMessage("Naming", "CA1710", Justification = "The official client's name.")]
public sealed partial class TableEntity : IDictionary<string, object?>
{
    internal Dictionary<string, object?> Properties => _properties;

    /// <summary>How many entries there are, the keys included.</summary>
    public int Count => _properties.Count;

    /// <summary>The entries' names.</summary>
    public ICollection<string> Keys => _properties.Keys;

    ICollection<object?> IDictionary<string, object?>.Values => _properties.Values;

    bool ICollection<KeyValuePair<string, object?>>.IsReadOnly => false;

    /// <summary>
    /// A value by name: null if there is none. A column keeps its type: an int set over a long or double becomes one, a long or double set
    /// over an int widens it, and anything else of another type is refused.
    /// </summary>
    /// <param name="key">The column's name.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">The new value's type does not fit the one that is there; remove it first.</exception>
    public object? this[string key]
    {
        get
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            return _properties.GetValueOrDefault(key);
        }

        set
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            _properties[key] = _properties.TryGetValue(key, out var present) ? Fit(key, present, value) : value;
        }
    }

    /// <summary>Sets a value; the same as the indexer, also for a name that is there already.</summary>
    /// <param name="key">The column's name.</param>
    /// <param name="value">The value, or null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">The value's type does not fit the one that is there.</exception>
    public void Add(string key, object? value) => this[key] = value;

    /// <summary>Whether there is an entry of that name, be its value null.</summary>
    /// <param name="key">The column's name.</param>
    /// <returns>True if there is.</returns>
    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    /// <summary>Removes an entry.</summary>
    /// <param name="key">The column's name.</param>
    /// <returns>True if it was there.</returns>
    public bool Remove(string key) => _properties.Remove(key);

    /// <summary>Gets a value, if there is one.</summary>
    /// <param name="key">The column's name.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>True if there is an entry of that name.</returns>
    public bool TryGetValue(string key, out object? value) => _properties.TryGetValue(key, out value);

    /// <summary>Removes everything, the keys included.</summary>
    public void Clear() => _properties.Clear();

    void ICollection<KeyValuePair<string, object?>>.Add(KeyValuePair<string, object?> item) => this[item.Key] = item.Value;

    bool ICollection<KeyValuePair<string, object?>>.Contains(KeyValuePair<string, object?> item) =>
        ((ICollection<KeyValuePair<string, object?>>)_properties).Contains(item);

    void ICollection<KeyValuePair<string, object?>>.CopyTo(KeyValuePair<string, object?>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object?>>)_properties).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object?>>.Remove(KeyValuePair<string, object?> item) =>
        ((ICollection<KeyValuePair<string, object?>>)_properties).Remove(item);

    IEnumerator<KeyValuePair<string, object?>> IEnumerable<KeyValuePair<string, object?>>.GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    private static object? Fit(string key, object? present, object? value)
    {
        if (present is null || value is null || present.GetType() == value.GetType())
        {
            return value;
        }

        return (present, value) switch
        {
            (int, long or double) => value,
            (long, int whole) => (long)whole,
            (double, int whole) => (double)whole,
            _ => throw new InvalidOperationException(
                $"Column '{key}' is {present.GetType().Name}; it cannot be set to {value.GetType().Name}."),
        };
    }
}
