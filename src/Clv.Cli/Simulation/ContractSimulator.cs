using Clv.Core;
using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>Draws contracts, whose customers end them at a renewal with a chance that differs by customer as the product's model says.</summary>
internal static class ContractSimulator
{
    private const double MeanDaysToContract = 200;

    /// <summary>Draws a customer's contract of a product.</summary>
    /// <param name="random">Where chance comes from; one for each product, so that a later last day adds terms and moves none.</param>
    /// <param name="product">The product.</param>
    /// <param name="id">The contract's id.</param>
    /// <param name="traits">The customer.</param>
    /// <param name="first">The day of the first purchase.</param>
    /// <param name="until">The last day.</param>
    /// <returns>The contract; null when the customer has none by then.</returns>
    public static Contract? Simulate(SeededRandom random, Product product, string id, Traits traits, int first, int until)
    {
        var has = random.NextDouble() < traits.Channel.Contracts * (traits.Segment.IsBusiness ? product.Business : product.Private);
        var start = first + (int)(MeanDaysToContract * random.NextExponential());
        if (!has || start > until)
        {
            return null;
        }

        var contract = new Contract
        {
            Id = id,
            StartedOn = start,
            TermMonths = product.TermMonths,
            FeePerTerm = new Money((Int128)product.Fee * (1 + random.NextInt(traits.Segment.IsBusiness ? 3 : 1)) * Money.Scale),
            Product = product.Name,
        };
        var ending = random.NextBeta(product.A, product.B);
        for (var renewal = 1; contract.RenewalDay(renewal - 1) <= until; renewal++)
        {
            if (random.NextDouble() >= ending)
            {
                continue;
            }

            // Notice is given in the last third of a term.
            var (begin, end) = (contract.RenewalDay(renewal - 1), contract.RenewalDay(renewal));
            return contract with { CancelledOn = end - 1 - random.NextInt((end - begin) / 3) };
        }

        return contract;
    }
}
