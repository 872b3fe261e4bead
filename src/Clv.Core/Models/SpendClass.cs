using System.Runtime.InteropServices;

namespace Clv.Core.Models;

/// <summary>The customers with equally many occasions: their places in <see cref="GroupedSpend.Means"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpendClass(int Occasions, int Start, int End);
