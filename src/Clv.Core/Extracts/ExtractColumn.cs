namespace Clv.Core.Extracts;

/// <summary>A column of the extract contract in a file.</summary>
/// <param name="Name">The contract's name.</param>
/// <param name="Index">The field that holds it; -1 where the file does not have the column.</param>
internal readonly record struct ExtractColumn(string Name, int Index)
{
    /// <summary>Whether the file has the column.</summary>
    public bool Exists => Index >= 0;
}
