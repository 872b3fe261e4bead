using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Cli.Simulation;

/// <summary>
/// What behaviour truly does to purchases: a customer's rate on a day is multiplied by exp(sum of coefficient x measure), with the measures of
/// <see cref="BehaviourMeasures"/> over the <see cref="CustomerSummary.YearDays"/> days before it. Measures without a coefficient do nothing.
/// </summary>
internal static class BehaviourTruth
{
    /// <summary>The answer to the net promoter question that changes nothing.</summary>
    public const int NeutralNps = 7;

    /// <summary>The effect of ln(1 + complaints of the last year).</summary>
    public const double Complaints = -1.6;

    /// <summary>The effect of ln(1 + campaign links followed in the last year).</summary>
    public const double Clicks = 0.5;

    /// <summary>The effect of a point of the net promoter question above <see cref="NeutralNps"/>.</summary>
    public const double Nps = 0.25;

    /// <summary>What a rate is multiplied by.</summary>
    /// <param name="complaints">Complaints of the last year.</param>
    /// <param name="clicks">Campaign links followed in the last year.</param>
    /// <param name="nps">The last answer; null for none.</param>
    public static double Factor(int complaints, int clicks, int? nps) =>
        Math.Exp((Complaints * Math.Log(1 + complaints)) + (Clicks * Math.Log(1 + clicks)) + (Nps * ((nps ?? NeutralNps) - NeutralNps)));
}
