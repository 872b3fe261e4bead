using Clv.Core.Industry;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>What acquisition costs and brings.</summary>
/// <param name="Total">All customers; null without any.</param>
/// <param name="Channels">By channel.</param>
/// <param name="Cohorts">By cohort.</param>
/// <param name="Cells">By both.</param>
/// <param name="UnderWater">The channels whose customers are worth less than they cost, in ordinal order; empty is an unknown one.</param>
/// <param name="TimeUnit">The unit in which paybacks are told to people: <c>week</c>, <c>month</c> or <c>year</c>.</param>
public sealed record AcquisitionReport(
    AcquisitionRow? Total,
    IReadOnlyList<AcquisitionRow> Channels,
    IReadOnlyList<AcquisitionRow> Cohorts,
    IReadOnlyList<AcquisitionRow> Cells,
    IReadOnlyList<string> UnderWater,
    string TimeUnit)
{
    internal const char Separator = '\u001f';

    internal static AcquisitionReport Of(PartitionPortfolio all, ValuationTerms terms, IndustryProfile profile)
    {
        var targets = profile.Acquisition;
        var channels = all.AcquisitionChannels.Rows((name, totals) => AcquisitionRow.Of(name, null, totals, terms, targets));
        var everybody = all.AcquisitionChannels.Rows((_, totals) => totals);
        return new AcquisitionReport(
            everybody.Count == 0 ? null : AcquisitionRow.Of(null, null, everybody.Aggregate((sum, totals) => sum + totals), terms, targets),
            channels,
            all.AcquisitionCohorts.Rows((name, totals) => AcquisitionRow.Of(null, name, totals, terms, targets)),
            all.AcquisitionCells.Rows((name, totals) =>
            {
                var at = name?.LastIndexOf(Separator) ?? 0;
                return AcquisitionRow.Of(name?[..at], name?[(at + 1)..], totals, terms, targets);
            }),
            [.. channels.Where(row => row is { UnderWater: true, Channel: not null }).Select(row => row.Channel!)],
            profile.TimeUnit);
    }
}
