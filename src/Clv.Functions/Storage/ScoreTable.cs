using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Functions.Storage;

/// <summary>
/// A run's table of scores: PartitionKey the partition, RowKey the customer's key. A row says nothing of the run or of when it was
/// written, so the same customers give the same rows in any run.
/// </summary>
public static class ScoreTable
{
    /// <summary>Rows in one entity-group transaction.</summary>
    public const int RowsAtOnce = 100;

    /// <summary>A customer's row.</summary>
    public static TableEntity Row(int partition, CustomerKey key, in PurchaseSummary summary, CustomerValue? value)
    {
        var row = new TableEntity(Names.Partition(partition), key.ToString())
        {
            ["NetTotal"] = summary.NetTotal.ToDouble(),
        };
        if (value is { } expected)
        {
            row["FirstDay"] = DateOnly.FromDayNumber(summary.FirstDay).ToString("O");
            row["Frequency"] = summary.Frequency;
            row["RecencyDays"] = summary.RecencyDays;
            row["AgeDays"] = summary.AgeDays;
            row["ProbabilityAlive"] = expected.ProbabilityAlive;
            row["ExpectedTransactions"] = expected.ExpectedTransactions;
            row["ExpectedSpend"] = expected.ExpectedSpend;
            row["FutureValue"] = expected.FutureValue;
            Add("NetRate", expected.NetRate < 1 ? expected.NetRate : null);
            Add("MarginRate", expected.MarginRate);
            if (expected.WholeTransactions is { } likely)
            {
                row["WholeTransactions"] = likely;
            }

            Add("ValueLow", expected.Low);
            Add("ValueHigh", expected.High);
            Add("NoPurchase", expected.NoPurchase);
        }

        return row;

        void Add(string name, double? number)
        {
            if (number is not null)
            {
                row[name] = number;
            }
        }
    }
}
