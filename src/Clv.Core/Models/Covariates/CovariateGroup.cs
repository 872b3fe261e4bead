using System.Runtime.InteropServices;

namespace Clv.Core.Models.Covariates;

/// <summary>Customers who share one purchase history and the same covariates.</summary>
/// <param name="History">Their history and how many they are.</param>
/// <param name="Covariates">Their covariates, in the order of the names; a category with n values takes n - 1 numbers of 0 or 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CovariateGroup(HistoryGroup History, IReadOnlyList<double> Covariates);
