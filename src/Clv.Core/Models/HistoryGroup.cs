using System.Runtime.InteropServices;

namespace Clv.Core.Models;

/// <summary>Customers who share one purchase history.</summary>
/// <param name="Frequency">Repeat purchase occasions.</param>
/// <param name="Recency">Weeks from the first occasion to the last; 0 without repeats.</param>
/// <param name="Age">Weeks from the first occasion to the end of the observation.</param>
/// <param name="Count">How many customers.</param>
/// <param name="LogGaps">
/// For each of them, the sum of the logarithms of the weeks between neighbouring occasions; null when not known.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HistoryGroup(int Frequency, double Recency, double Age, long Count, double? LogGaps = null);
