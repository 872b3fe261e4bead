using Clv.Core.History;

namespace Clv.Core.Relationship;

/// <summary>
/// Walks last night's standings beside tonight's people, both in the order of keys, and keeps who is not among tonight's any more.
/// </summary>
/// <param name="standings">Last night's standings in the order of keys; nothing without a last night.</param>
public sealed class StandingCursor(IEnumerable<Standing> standings) : IDisposable
{
    private readonly IEnumerator<Standing> _standings = standings.GetEnumerator();
    private readonly List<Standing> _gone = [];
    private Standing? _current;
    private CustomerKey? _last;
    private bool _begun;

    /// <summary>Last night's people who have not been asked for, up to the key asked for last; all of them after <see cref="Finish"/>.</summary>
    public IReadOnlyList<Standing> Gone => _gone;

    /// <summary>The standing of a person; null when last night did not know them.</summary>
    /// <param name="key">The person's key, greater than the one asked for before.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public Standing? Find(CustomerKey key)
    {
        if (key <= _last)
        {
            throw new ArgumentException("People are asked for in the order of their keys, each once.", nameof(key));
        }

        _last = key;
        Begin();
        while (_current?.Key < key)
        {
            _gone.Add(_current);
            Advance();
        }

        if (_current?.Key != key)
        {
            return null;
        }

        var found = _current;
        Advance();
        return found;
    }

    /// <summary>Reads what is left: everybody who was not asked for is gone.</summary>
    public IReadOnlyList<Standing> Finish()
    {
        Begin();
        while (_current is not null)
        {
            _gone.Add(_current);
            Advance();
        }

        return _gone;
    }

    /// <summary>Ends the reading.</summary>
    public void Dispose() => _standings.Dispose();

    private void Begin()
    {
        if (!_begun)
        {
            _begun = true;
            Advance();
        }
    }

    private void Advance() => _current = _standings.MoveNext() ? _standings.Current : null;
}
