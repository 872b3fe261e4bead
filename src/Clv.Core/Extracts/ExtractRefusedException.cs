namespace Clv.Core.Extracts;

/// <summary>
/// An extract file, its mapping or its manifest cannot be used as a whole. The message names the file, the line where there is one,
/// what was wrong and what to do; it never quotes a cell, which could be personal.
/// </summary>
public sealed class ExtractRefusedException : Exception
{
    /// <summary>Creates the refusal of a file.</summary>
    /// <param name="file">The file's name, without a folder.</param>
    /// <param name="problem">What is wrong and what to do, as a sentence without the file's name.</param>
    /// <param name="line">The 1-based line, or null when the problem is the whole file's.</param>
    /// <param name="cause">The exception behind it, if any.</param>
    public ExtractRefusedException(string file, string problem, long? line = null, Exception? cause = null)
        : base(line is null ? $"{file}: {problem}" : $"{file}, line {line}: {problem}", cause)
    {
        File = file;
        Line = line;
    }

    /// <summary>The file's name, without a folder.</summary>
    public string File { get; }

    /// <summary>The 1-based line, or null when the problem is the whole file's.</summary>
    public long? Line { get; }
}
