namespace Clv.Cli.Emulator;

/// <summary>The last lines that a process wrote, for the message about its end. Thread-safe; holds a bounded amount.</summary>
internal sealed class OutputTail(int capacity = 20)
{
    private const int LongestLine = 2000;
    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lines)
        {
            if (_lines.Count == capacity)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.Length <= LongestLine ? line : string.Concat(line.AsSpan(0, LongestLine), "…"));
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join('\n', _lines);
        }
    }
}
