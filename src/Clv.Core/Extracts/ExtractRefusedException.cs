namespace Clv.Core.Extracts;

/// <summary>
/// An extract file, its mapping or its manifest cannot be used as a whole. The message names the file, the line where there is one,
/// what was wrong and what to do; it never quotes a cell, which could be personal. It goes to logs, terminals and web pages, so it is of bounded
/// length and one line, and nothing in it that a file's name or a property brought along can act on them.
/// </summary>
public sealed class ExtractRefusedException : Exception
{
    private const int MaxFileLength = 200;
    private const int MaxProblemLength = 2000;

    /// <summary>Creates the refusal of a file.</summary>
    /// <param name="file">The file's name, without a folder.</param>
    /// <param name="problem">What is wrong and what to do, as a sentence without the file's name.</param>
    /// <param name="line">The 1-based line, or null when the problem is the whole file's.</param>
    /// <param name="cause">The exception behind it, if any.</param>
    public ExtractRefusedException(string file, string problem, long? line = null, Exception? cause = null)
        : base(Sentence(file, line, problem), cause)
    {
        File = PlainText.Of(file, MaxFileLength);
        Line = line;
    }

    /// <summary>The file's name, without a folder, as the message shows it.</summary>
    public string File { get; }

    /// <summary>The 1-based line, or null when the problem is the whole file's.</summary>
    public long? Line { get; }

    private static string Sentence(string file, long? line, string problem) =>
        $"{PlainText.Of(file, MaxFileLength)}{(line is null ? "" : $", line {line}")}: {PlainText.Of(problem, MaxProblemLength)}";
}
