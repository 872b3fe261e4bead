namespace Azure.Data.Tables;

/// <summary>What happens to the columns of an existing row that the new one does not name.</summary>
public enum TableUpdateMode
{
    /// <summary>They stay.</summary>
    Merge = 0,

    /// <summary>They go: the row is afterwards exactly what was sent.</summary>
    Replace = 1,
}
