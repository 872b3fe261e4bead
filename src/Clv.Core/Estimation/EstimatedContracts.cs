using Clv.Core.Models;
using Clv.Core.Models.Contracts;

namespace Clv.Core.Estimation;

/// <summary>The models of contracts of one length of term, and how they came about.</summary>
/// <param name="Common">The model of contracts of every product without one of its own; null where none could be estimated or kept.</param>
/// <param name="Products">Models by the names of products.</param>
/// <param name="Reason">What became of the common model: one plain sentence.</param>
/// <param name="Refused">Why fits of products were refused, by the products' names.</param>
public sealed record EstimatedContracts(
    EstimatedContract? Common,
    IReadOnlyDictionary<string, EstimatedContract> Products,
    string Reason,
    IReadOnlyDictionary<string, string> Refused);

/// <summary>A model of contracts in use.</summary>
/// <param name="Model">The model.</param>
/// <param name="Fit">The fit; null when the model was kept from an earlier night.</param>
/// <param name="Lost">Contracts that were lost, of those it was fitted to; 0 when it was kept.</param>
public sealed record EstimatedContract(IContractModel Model, ModelFit<ShiftedBetaGeometric>? Fit, long Lost);
