using System.Runtime.InteropServices;

namespace Clv.Core.Portfolio;

/// <summary>
/// Means of groups drawn towards everybody's, the more the fewer members a group has: Bühlmann's credibility with its variances by moments
/// (Bühlmann and Straub 1970).
/// </summary>
/// <param name="Overall">Everybody's mean.</param>
/// <param name="Strength">
/// How many members weigh as much as everybody's mean: the variance within groups over that between; infinite where groups do not differ.
/// </param>
internal sealed record CredibleMeans(double Overall, double Strength)
{
    /// <summary>Estimates from groups, in a fixed order, with at least one member in all.</summary>
    public static CredibleMeans Of(IReadOnlyList<GroupMoments> groups)
    {
        double count = 0, sum = 0, squares = 0, within = 0, between = 0;
        var filled = 0;
        foreach (var group in groups)
        {
            filled += group.Members > 0 ? 1 : 0;
            count += group.Members;
            squares += (double)group.Members * group.Members;
            sum += group.Members * group.Mean;
            within += group.SquaredDeviations;
        }

        var overall = sum / count;
        foreach (var group in groups)
        {
            between += group.Members * (group.Mean - overall) * (group.Mean - overall);
        }

        // Without two members in any group, or two groups, there is no telling how groups differ, and nothing to believe of one.
        var variance = count > filled ? within / (count - filled) : double.PositiveInfinity;
        var difference = filled > 1 ? (between - ((filled - 1) * variance)) / (count - (squares / count)) : 0;
        return new CredibleMeans(overall, difference > 0 ? variance / difference : double.PositiveInfinity);
    }

    /// <summary>How much of a group's mean is its own, 0 to 1.</summary>
    public double Own(GroupMoments group) =>
        group.Members == 0 || double.IsInfinity(Strength) ? 0 : group.Members / (group.Members + Strength);

    /// <summary>The mean of a group, drawn towards everybody's.</summary>
    public double Mean(GroupMoments group) => Overall + (Own(group) * (group.Mean - Overall));
}

/// <summary>What a group's credibility depends on.</summary>
/// <param name="Members">How many members it has.</param>
/// <param name="Mean">Their mean; 0 without any.</param>
/// <param name="SquaredDeviations">The sum of their squared deviations from it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GroupMoments(long Members, double Mean, double SquaredDeviations)
{
    /// <summary>The moments of values.</summary>
    public static GroupMoments Of(long[] values)
    {
        if (values.Length == 0)
        {
            return default;
        }

        var mean = (double)values.Aggregate((Int128)0, (sum, value) => sum + value) / values.Length;
        return new GroupMoments(values.Length, mean, values.Sum(value => (value - mean) * (value - mean)));
    }

    /// <summary>The moments of a yes or no.</summary>
    public static GroupMoments Of(long yes, long members)
    {
        var share = members == 0 ? 0 : (double)yes / members;
        return new GroupMoments(members, share, members * share * (1 - share));
    }
}
