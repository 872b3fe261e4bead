using Clv.Core.History;
using CsvHelper;

namespace Clv.Core.Valuation;

/// <summary>Values customers and writes them as CSV, a row per customer in the order of the customers' first rows.</summary>
public static class ScoreFile
{
    private const int CustomersAtOnce = 1 << 13;

    private static readonly string[] Columns =
        ["customer_id", "frequency", "recency", "age", "p_alive", "expected_transactions", "expected_value", "future_value"];

    private static readonly string[] IntervalColumns = ["whole_transactions", "value_low", "value_high", "p_no_purchase"];

    /// <summary>Writes the file. Times are in weeks; the cells of a customer without a purchase occasion stay empty from age on.</summary>
    /// <remarks>An id that a spreadsheet would run as a formula has an apostrophe in front (<see cref="SpreadsheetText"/>). There is a column <c>margin_rate</c> where margins are known, and four more where the models give intervals.</remarks>
    /// <param name="customers">The customers' ids.</param>
    /// <param name="summaries">Their summaries, by the same index.</param>
    /// <param name="segmentOf">The label of a customer's segment by the same index, null for none; null when there are no segments.</param>
    /// <param name="models">What values them.</param>
    /// <param name="terms">Horizon and discount rate.</param>
    /// <param name="output">Receives UTF-8 CSV; is left open. Null values the customers and writes nothing.</param>
    /// <param name="threads">How many threads may work; the bytes are the same for any number.</param>
    /// <returns>The sum of the future values.</returns>
    public static double Write(
        CustomerTable customers, CustomerSummary[] summaries, Func<int, string?>? segmentOf, SegmentedModels models, ValuationTerms terms, Stream? output, int threads)
    {
        if (output is not null)
        {
            using var header = CsvWriter.Create(output, CsvWriterOptions.Default with { NewLine = "\n" }, leaveOpen: true);
            foreach (var column in (IEnumerable<string>)[
                .. Columns, .. models.Common.Margins is null ? [] : (string[])["margin_rate"], .. models.Common.Intervals is null ? [] : IntervalColumns])
            {
                header.WriteField(column);
            }

            header.EndRecord();
        }

        var total = 0.0;
        var parts = Enumerable.Range(0, (summaries.Length + CustomersAtOnce - 1) / CustomersAtOnce)
            .AsParallel().AsOrdered().WithDegreeOfParallelism(threads).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(part => WritePart(part * CustomersAtOnce, customers, summaries, segmentOf, models, terms, write: output is not null));
        foreach (var (bytes, sum) in parts)
        {
            bytes?.WriteTo(output!);
            total += sum;
        }

        return total;
    }

    private static (MemoryStream? Bytes, double Sum) WritePart(
        int start, CustomerTable customers, CustomerSummary[] summaries, Func<int, string?>? segmentOf, SegmentedModels models, ValuationTerms terms, bool write)
    {
        var bytes = write ? new MemoryStream(CustomersAtOnce * 100) : null;
        using var csv = write ? CsvWriter.Create(bytes!, CsvWriterOptions.Default with { NewLine = "\n" }, leaveOpen: true) : null;
        var sum = 0.0;
        for (var i = start; i < Math.Min(summaries.Length, start + CustomersAtOnce); i++)
        {
            var summary = summaries[i].Whole;
            var value = models.Of(segmentOf?.Invoke(i)).Value(summaries[i], terms);
            sum += value?.FutureValue ?? 0;
            if (csv is null)
            {
                continue;
            }

            csv.WriteField(SpreadsheetText.Of(customers[i]));
            csv.WriteField(summary.Frequency);
            csv.WriteField(summary.RecencyDays / 7.0);
            csv.WriteField(summary.HasPurchase ? summary.AgeDays / 7.0 : null);
            csv.WriteField(value?.ProbabilityAlive);
            csv.WriteField(value?.ExpectedTransactions);
            csv.WriteField(value?.ExpectedSpend);
            csv.WriteField(value?.FutureValue);
            if (models.Common.Margins is not null)
            {
                csv.WriteField(value?.MarginRate);
            }

            if (models.Common.Intervals is not null)
            {
                csv.WriteField(value?.WholeTransactions);
                csv.WriteField(value?.Low);
                csv.WriteField(value?.High);
                csv.WriteField(value?.NoPurchase);
            }

            csv.EndRecord();
        }

        csv?.Flush();
        return (bytes, sum);
    }
}
