using System.Globalization;
using Clv.Core.Models.Contracts;

namespace Clv.Core.Tests.Models.Contracts;

/// <summary>The two segments of Fader and Hardie (2007).</summary>
internal static class Retention
{
    /// <summary>Contracts left after each renewal, years 0 to 12.</summary>
    public static long[] Active(string segment) =>
    [
        .. File.ReadLines(SharedData.File("fader_hardie_2007_retention.csv"))
            .Select(line => line.Split(','))
            .Where(fields => fields[0] == segment)
            .Select(fields => long.Parse(fields[2], CultureInfo.InvariantCulture)),
    ];

    /// <summary>The first years, 0 to the last one.</summary>
    public static GroupedContracts Through(string segment, int last) => GroupedContracts.FromCohorts([Active(segment)[..(last + 1)]]);
}
