using System.Numerics;
using Clv.Core.Industry;
using Clv.Core.Relationship;

namespace Clv.Core.Portfolio;

/// <summary>What an action is about in a segment, as sums.</summary>
/// <param name="Customers">People for whom it is the next action.</param>
/// <param name="Stake">The value at stake.</param>
public sealed record BudgetTotals(long Customers, decimal Stake) : IAdditionOperators<BudgetTotals, BudgetTotals, BudgetTotals>
{
    /// <summary>The sums over both.</summary>
    public static BudgetTotals operator +(BudgetTotals left, BudgetTotals right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Customers + right.Customers, left.Stake + right.Stake);
    }

    /// <summary>The sum of both.</summary>
    public BudgetTotals Add(BudgetTotals other) => this + other;
}

/// <summary>What the next euro does for an action in a segment. Costs and effects are the firm's assumptions, never estimates.</summary>
/// <param name="Segment">The segment; empty where it is not known, null for all rows beyond those kept apart.</param>
/// <param name="Action">The action; null for all rows beyond those kept apart.</param>
/// <param name="Customers">People for whom it is the next action.</param>
/// <param name="Stake">The value at stake, see <see cref="ActionStake"/>.</param>
/// <param name="Cost">The assumed cost per customer times the customers; null without an assumption.</param>
/// <param name="Gain">The stake times the assumed effect; null without one.</param>
/// <param name="ReturnPerEuro">The gain over the cost; null without either.</param>
/// <param name="BreakEvenShare">The share of the stake from which the action pays; null without either; above 1 it cannot.</param>
/// <param name="Assumed">Whether there is an assumption behind the row.</param>
public sealed record BudgetRow(
    string? Segment,
    ActionKind? Action,
    long Customers,
    decimal Stake,
    decimal? Cost,
    decimal? Gain,
    double? ReturnPerEuro,
    double? BreakEvenShare,
    bool Assumed)
{
    internal const char Separator = '\u001f';

    internal static string Name(string segment, ActionKind action) => segment + Separator + Codes.Of(action);

    /// <summary>The rows, the best use of a euro first.</summary>
    internal static IReadOnlyList<BudgetRow> Of(Groups<BudgetTotals> groups, ActionThresholds thresholds) =>
        [
            .. groups.Rows((name, totals) => Of(name, totals, thresholds))
                .OrderByDescending(row => row.ReturnPerEuro ?? double.NegativeInfinity)
                .ThenBy(row => row.BreakEvenShare ?? double.PositiveInfinity)
                .ThenByDescending(row => row.Stake),
        ];

    private static BudgetRow Of(string? name, BudgetTotals totals, ActionThresholds thresholds)
    {
        if (name is null)
        {
            return new BudgetRow(null, null, totals.Customers, totals.Stake, null, null, null, null, Assumed: false);
        }

        var at = name.LastIndexOf(Separator);
        var code = name[(at + 1)..];
        var assumption = thresholds.Assumptions.GetValueOrDefault(code);
        var cost = assumption?.Cost * totals.Customers;
        var gain = assumption?.Effect is { } effect
            ? decimal.Round(totals.Stake * (decimal)effect, 2, MidpointRounding.ToEven)
            : (decimal?)null;
        return new BudgetRow(
            name[..at],
            Enum.Parse<ActionKind>(code, ignoreCase: true),
            totals.Customers,
            totals.Stake,
            cost,
            gain,
            gain is { } won && cost > 0 ? (double)(won / cost.Value) : null,
            cost is { } spent && totals.Stake > 0 ? (double)(spent / totals.Stake) : null,
            assumption is not null);
    }
}
