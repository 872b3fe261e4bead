using Clv.Core.Models;
using Clv.Core.Models.Contracts;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>
/// Estimates how long contracts last, for each length of term apart: a shifted beta-geometric model of all contracts of that term, and one of
/// each product that enough of them tell of.
/// </summary>
internal static class ContractEstimation
{
    /// <summary>Fits the models; where a fit is refused, last night's accepted model of the same contracts stays in use.</summary>
    /// <param name="contracts">The contracts.</param>
    /// <param name="options">From how many contracts a product has a model, and what was accepted last night.</param>
    /// <returns>The models by the months of a term, for every term that a contract has.</returns>
    public static IReadOnlyDictionary<int, EstimatedContracts> Run(ContractRecords contracts, EstimationOptions options)
    {
        var last = options.LastContracts ?? ContractModels.None;
        var terms = new SortedDictionary<int, EstimatedContracts>();
        foreach (var (months, term) in contracts.Terms)
        {
            terms[months] = Run(term, last.Terms.GetValueOrDefault(months) ?? TermModels.None, options);
        }

        return terms;
    }

    private static EstimatedContracts Run(TermRecords contracts, TermModels last, EstimationOptions options)
    {
        var (common, reason) = Estimate(contracts.All, last.Common, options);
        var products = new SortedDictionary<string, EstimatedContract>(StringComparer.Ordinal);
        var refused = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (product, data) in contracts.Products.Where(p => p.Value.Contracts >= options.ProductContracts))
        {
            var (own, because) = Estimate(data, last.Products.GetValueOrDefault(product), options);
            if (own is not null)
            {
                products[product] = own;
            }

            if (own?.Fit is null)
            {
                refused[product] = because;
            }
        }

        return new EstimatedContracts(common, products, reason, refused);
    }

    private static (EstimatedContract? Contract, string Reason) Estimate(GroupedContracts data, IContractModel? last, EstimationOptions options)
    {
        var fitting = new FitOptions { MaxDegreeOfParallelism = options.Threads };
        var start = last as ShiftedBetaGeometric;
        var fit = ContractFit.ShiftedBetaGeometric(data, start, fitting);
        if (fit.Verdict is FitVerdict.Boundary or FitVerdict.NotConverged)
        {
            var second = ContractFit.ShiftedBetaGeometric(data, start, fitting with { PriorWeight = 1 });
            fit = second.Converged ? second with { Reason = $"{fit.Reason} Converged with a weak prior." } : fit;
        }

        return fit.Model is { } model ? (new EstimatedContract(model, fit, data.Lost), fit.Reason)
            : last is not null ? (new EstimatedContract(last, Fit: null, Lost: 0), $"{fit.Reason} The last accepted model stays in use.")
            : (null, fit.Reason);
    }
}
