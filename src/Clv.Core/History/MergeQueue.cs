namespace Clv.Core.History;

/// <summary>
/// Several files of customers as one, in the order of keys; where more than one file knows a customer, in the order of the files. One
/// customer of each file is in memory.
/// </summary>
internal sealed class MergeQueue<T>
    where T : KeyedRows<T>, new()
{
    private readonly IReadOnlyList<KeyedReader<T>> _inputs;
    private readonly PriorityQueue<int, (CustomerKey Key, int Order)> _next = new();

    public MergeQueue(IReadOnlyList<KeyedReader<T>> inputs)
    {
        _inputs = inputs;
        for (var i = 0; i < inputs.Count; i++)
        {
            Advance(i);
        }
    }

    /// <summary>The smallest key that is left.</summary>
    /// <returns>False when nothing is.</returns>
    public bool TryPeek(out CustomerKey key)
    {
        var found = _next.TryPeek(out _, out var smallest);
        key = smallest.Key;
        return found;
    }

    /// <summary>Hands over the files that know a customer, each positioned at the customer, who must be read before the next one is taken.</summary>
    public IEnumerable<KeyedReader<T>> Files(CustomerKey key)
    {
        while (_next.TryPeek(out var input, out var at) && at.Key == key)
        {
            _next.Dequeue();
            yield return _inputs[input];
            Advance(input);
        }
    }

    private void Advance(int input)
    {
        if (_inputs[input].MoveNext())
        {
            _next.Enqueue(input, (_inputs[input].Key, input));
        }
    }
}
