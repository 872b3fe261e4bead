using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>The value that an action is about.</summary>
public static class ActionStake
{
    /// <summary>What is at stake for one person, 0 or more, rounded to cents; see docs/portfolio.md for each action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="worth">What the customer is worth; null for a prospect.</param>
    /// <param name="prospect">What the prospect is; null for a customer.</param>
    public static decimal Of(NextAction action, CustomerWorth? worth, ProspectEstimate? prospect)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (action.Kind == ActionKind.Win)
        {
            return Math.Max(0, prospect?.Expected ?? 0);
        }

        return worth is null ? 0 : Math.Max(0, action.Kind switch
        {
            ActionKind.Rescue or ActionKind.WinBack => action.Stake ?? 0,
            ActionKind.Renew => NextRenewal(worth),
            ActionKind.ServeAtLowerCost => worth.FutureServing,
            ActionKind.PartWell => -worth.Future,
            _ => worth.FuturePurchases,
        });
    }

    private static decimal NextRenewal(CustomerWorth worth)
    {
        var next = worth.Contracts
            .Where(contract => !contract.Cancelled && contract.NextRenewal is not null)
            .MinBy(contract => contract.NextRenewal);
        return next is { RenewalProbability: { } probability, RenewalValue: { } value } ? Cents((1 - probability) * (double)value) : 0;
    }

    private static decimal Cents(double amount) => decimal.Round((decimal)amount, 2, MidpointRounding.ToEven);
}
