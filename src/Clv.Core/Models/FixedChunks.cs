namespace Clv.Core.Models;

/// <summary>
/// Sums over a long range on several threads. The chunks depend on the length alone and are added up in order, so the bits of the result do
/// not depend on the number of threads.
/// </summary>
internal static class FixedChunks
{
    private const int Size = 8192;

    public static int Threads(FitOptions options) =>
        options.MaxDegreeOfParallelism > 0 ? options.MaxDegreeOfParallelism : Environment.ProcessorCount;

    /// <summary>Adds what the items from start up to end contribute to the sums.</summary>
    public delegate void Accumulate(int start, int end, Span<double> sums);

    /// <summary>Adds the sums over items from first up to last to <paramref name="totals"/>.</summary>
    public static void Sum(int first, int last, int threads, Span<double> totals, Accumulate accumulate)
    {
        var width = totals.Length;
        var chunks = (last - first + Size - 1) / Size;
        var partial = new double[chunks * width];

        void Run(int chunk)
        {
            var start = first + (chunk * Size);
            accumulate(start, Math.Min(last, start + Size), partial.AsSpan(chunk * width, width));
        }

        if (threads == 1 || chunks < 2)
        {
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                Run(chunk);
            }
        }
        else
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, Run);
        }

        for (var chunk = 0; chunk < chunks; chunk++)
        {
            for (var i = 0; i < width; i++)
            {
                totals[i] += partial[(chunk * width) + i];
            }
        }
    }
}
