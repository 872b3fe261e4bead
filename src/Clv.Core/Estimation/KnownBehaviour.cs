using System.Runtime.InteropServices;
using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>What behaviour measures are made of.</summary>
/// <param name="Nps">As in <see cref="CustomerProfile.Nps"/>.</param>
/// <param name="PaymentDelayDays">As in <see cref="CustomerProfile.PaymentDelayDays"/>.</param>
/// <param name="LastYear">Contacts of a year, without returns, which are no measure.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KnownBehaviour(int? Nps, int? PaymentDelayDays, InteractionCounts LastYear)
{
    /// <summary>The behaviour of a person.</summary>
    public static KnownBehaviour Of(CustomerProfile? profile, InteractionCounts lastYear) =>
        new(profile?.Nps, profile?.PaymentDelayDays, lastYear.Returns == 0 ? lastYear : lastYear with { Returns = 0 });

    /// <summary>All measures, by their numbers; null where one is not known.</summary>
    public double?[] Measures()
    {
        var profile = new CustomerProfile { Nps = Nps, PaymentDelayDays = PaymentDelayDays };
        var lastYear = LastYear;
        return Array.ConvertAll(Enum.GetValues<BehaviourMeasure>(), measure => BehaviourMeasures.Of(measure, profile, lastYear));
    }

    /// <summary>Sorts behaviours, each in a place of its own.</summary>
    public ((int Nps, int PaymentDelayDays) Profile, (int, int, int, int, int, int) Contacts) Order => (
        (Nps ?? -1, PaymentDelayDays ?? -1),
        (LastYear.ServiceCalls, LastYear.Complaints, LastYear.Opens, LastYear.Clicks, LastYear.Social, LastYear.Visits));
}
