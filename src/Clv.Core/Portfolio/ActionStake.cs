using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>The value that an action is about.</summary>
public static class ActionStake
{
    /// <summary>P(alive) counts as no less: the models' figures are not known so finely, and serving need not vanish with it.</summary>
    private const double LeastAlive = 1e-6;

    /// <summary>What is at stake for one person, 0 or more, rounded to cents; see docs/portfolio.md for each action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="worth">What the customer is worth; null for a prospect.</param>
    /// <param name="prospect">What the prospect is; null for a customer.</param>
    public static decimal Of(ActionKind action, CustomerWorth? worth, ProspectEstimate? prospect)
    {
        if (action == ActionKind.Win)
        {
            return Math.Max(0, prospect?.Expected ?? 0);
        }

        return worth is null ? 0 : Math.Max(0, action switch
        {
            ActionKind.Rescue or ActionKind.WinBack => LostBySilence(worth),
            ActionKind.Renew => NextRenewal(worth),
            ActionKind.ServeAtLowerCost => worth.FutureServing,
            ActionKind.PartWell => -worth.Future,
            _ => worth.FuturePurchases,
        });
    }

    /// <summary>What the customer would be worth if certain to be one, less what the customer is expected to be.</summary>
    private static decimal LostBySilence(CustomerWorth worth)
    {
        if (worth.Purchases is not { } purchases)
        {
            return 0;
        }

        var alive = Math.Max(LeastAlive, purchases.ProbabilityAlive);
        // Unrounded: a value that is cents at a P(alive) near 0 is many of them at 1.
        var value = purchases.FutureValue - (double)(worth.FutureServing + worth.FutureLatePayment);
        return Cents(value * (1 - alive) / alive);
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
