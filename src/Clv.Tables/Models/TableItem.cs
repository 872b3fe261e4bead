namespace Azure.Data.Tables.Models;

/// <summary>A table, as a listing or a creation reports it.</summary>
public class TableItem
{
    /// <summary>Takes a table's name.</summary>
    /// <param name="name">The name, as it was created; names are compared without case.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public TableItem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <summary>The table's name.</summary>
    public string Name { get; }
}
