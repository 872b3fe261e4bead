using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Functions.Night;

namespace Clv.Functions.Storage;

/// <summary>
/// A run's table of scores: PartitionKey the partition, RowKey the customer's key, the card as JSON, and beside it what one may want to filter
/// by. A row says nothing of the run or of when it was written, so the same customers give the same rows in any run.
/// </summary>
public static class ScoreTable
{
    /// <summary>Rows in one entity-group transaction.</summary>
    public const int RowsAtOnce = 100;

    private const string Card = "Card";

    /// <summary>A person's row.</summary>
    public static TableEntity Row(int partition, CustomerKey key, CustomerCard card)
    {
        var row = new TableEntity(Names.Partition(partition), key.ToString())
        {
            [Card] = NightJson.Write(card),
            ["Phase"] = card.Phase.ToString(),
        };
        if (card.Tier is { } tier)
        {
            row["Tier"] = tier.ToString();
        }

        if (card.Action is { } action)
        {
            row["Action"] = action.Kind.ToString();
        }

        if (card.Value is { } value)
        {
            row["HistoricValue"] = (double)value.Historic;
            row["FutureValue"] = (double)value.Future;
            row["LifetimeValue"] = (double)value.Lifetime;
        }

        return row;
    }

    /// <summary>The card of a row.</summary>
    public static CustomerCard Read(TableEntity row) =>
        NightJson.Read<CustomerCard>(row.GetString(Card) ?? throw new EarlierVersionException("The published scores"));
}
