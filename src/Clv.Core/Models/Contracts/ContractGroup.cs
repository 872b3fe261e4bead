using System.Runtime.InteropServices;

namespace Clv.Core.Models.Contracts;

/// <summary>Contracts with one history, whenever they began.</summary>
/// <param name="Renewals">Renewals they were seen to make, 0 or more.</param>
/// <param name="Lost">Whether they were lost at the next one; otherwise they were still running when last seen.</param>
/// <param name="Count">How many contracts.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ContractGroup(int Renewals, bool Lost, long Count);
