using System.Text.Json;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// The column names of a page. Its rows mostly have the same columns in the same order, so a name is compared with the one that stood at
/// its place in the row before and made into a string only if it differs: a thousand rows then share one string per column.
/// </summary>
internal sealed class ColumnNames
{
    private readonly List<string> _names = [];
    private int _place;

    /// <summary>A new row begins.</summary>
    public void Rewind() => _place = 0;

    /// <summary>The name at the reader's position.</summary>
    public string Read(ref Utf8JsonReader json)
    {
        var place = _place++;
        if (place < _names.Count && json.ValueTextEquals(_names[place]))
        {
            return _names[place];
        }

        var name = json.GetString()!;
        if (place < _names.Count)
        {
            _names[place] = name;
        }
        else
        {
            _names.Add(name);
        }

        return name;
    }
}
