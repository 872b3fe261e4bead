using Clv.Core;
using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>Contacts as they happen, through the whole time that a person is known, at rates that differ by person and change every year.</summary>
internal static class ContactSimulator
{
    private const double Shape = 0.7;
    private const double ClickCost = 0.15;
    private const double CallsOfDemanding = 24;

    private static readonly (InteractionKind Kind, double AYear, double Cost, bool OfCustomers)[] Kinds =
    [
        (InteractionKind.ServiceCall, 0.5, 6, true),
        (InteractionKind.Complaint, 0.5, 10, true),
        (InteractionKind.CampaignOpen, 7, 0.02, false),
        (InteractionKind.Social, 0.2, 0, false),
        (InteractionKind.Visit, 4, 0, false),
    ];

    /// <summary>Draws a person's contacts, but for returns.</summary>
    /// <param name="traits">The person.</param>
    /// <param name="from">The day since which the person is known.</param>
    /// <param name="customerFrom">The day of the first purchase; null for none.</param>
    /// <param name="until">The last day.</param>
    /// <param name="stream">Gives the source of chance for a kind; the kinds do not share one, so that a later last day adds contacts and moves none.</param>
    public static List<Interaction> Simulate(Traits traits, int from, int? customerFrom, int until, Func<int, SeededRandom> stream)
    {
        var contacts = new List<Interaction>();
        foreach (var (kind, aYear, cost, ofCustomers) in Kinds)
        {
            var start = ofCustomers ? customerFrom : from;
            if (start is not { } first || (kind == InteractionKind.CampaignOpen && traits.Consent == false))
            {
                continue;
            }

            var random = stream((int)kind);
            var usual = aYear * (kind == InteractionKind.ServiceCall && traits.IsDemanding ? CallsOfDemanding : 1);
            for (var year = first; year <= until; year += CustomerSummary.YearDays)
            {
                var rate = usual * random.NextGamma(Shape) / Shape;
                var clicks = kind == InteractionKind.CampaignOpen ? random.NextBeta(0.6, 1.8) : 0;
                for (var t = random.NextExponential() / rate; t < 1; t += random.NextExponential() / rate)
                {
                    var day = year + (int)(t * CustomerSummary.YearDays);
                    Add(day, kind, cost, random);
                    if (random.NextDouble() < clicks)
                    {
                        Add(day, InteractionKind.CampaignClick, ClickCost, random);
                    }
                }
            }
        }

        return [.. contacts.OrderBy(static c => c.Day).ThenBy(static c => c.Kind)];

        void Add(int day, InteractionKind kind, double cost, SeededRandom random)
        {
            // A person's time is priced by its length, a message by the piece.
            var priced = cost >= 1 ? cost * (0.5 + (0.5 * random.NextExponential())) : cost;
            if (day <= until)
            {
                contacts.Add(new Interaction(day, kind, cost > 0 ? Euro(priced) : null));
            }
        }
    }

    /// <summary>An amount in whole cents.</summary>
    public static Money Euro(double euros) => new((long)Math.Round(euros * 100) * 10_000);
}
