using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>
/// Draws a person's purchases day by day: by BG/NBD, at a rate that depends on segment, channel, growth and behaviour, and spending by Gamma-Gamma
/// times segment, channel and category. Every draw belongs to an event, in the order of time, so that a later last day changes nothing earlier.
/// </summary>
internal sealed class SaleSimulator(SeededRandom random, ExchangeRates rates, string person, Traits traits)
{
    private const int GrowthYears = 3;
    private const double Returned = 0.03;
    private const double ReturnedByDemanding = 0.3;
    private const double SecondRow = 0.2;
    private const double BoughtToResell = 8;
    private const double MarginConceded = 0.65;

    private readonly List<SimulatedSale> _sales = [];
    private readonly HashSet<string> _owned = new(StringComparer.Ordinal);
    private readonly GammaGammaSimulator _spend = new(Market.Spend, random);
    private int _rows;

    /// <summary>The day on which the person bought for the last time before leaving; null while they have not left.</summary>
    public int? LeftOn { get; private set; }

    /// <summary>Draws the purchases and the returns.</summary>
    /// <param name="first">The day of the first purchase.</param>
    /// <param name="until">The last day.</param>
    /// <param name="contacts">The person's contacts, by day.</param>
    public IReadOnlyList<SimulatedSale> Simulate(int first, int until, IReadOnlyList<Interaction> contacts)
    {
        var model = Market.Buying;
        var rate = random.NextGamma(model.R) / model.Alpha * traits.Segment.Rate * traits.Channel.Rate;
        var leaving = random.NextBeta(model.A, model.B) * traits.Channel.Leaving;
        var complaints = new YearCount(contacts, InteractionKind.Complaint);
        var clicks = new YearCount(contacts, InteractionKind.CampaignClick);
        var due = 0.0;
        for (var day = first; day <= until; day++)
        {
            // Hazard that is left over moves an occasion on a day that is taken to the next one.
            if (day > first)
            {
                var growth = Math.Exp(traits.Growth * Math.Min((day - first) / (double)CustomerSummary.YearDays, GrowthYears));
                due -= rate / 7 * growth * BehaviourTruth.Factor(complaints.Before(day), clicks.Before(day), traits.NpsAfter(day - first));
            }

            if (due > 0)
            {
                continue;
            }

            due += random.NextExponential();
            Buy(day, until);
            if (day > first && random.NextDouble() < leaving)
            {
                LeftOn = day;
                break;
            }
        }

        return [.. _sales.OrderBy(static s => s.Day)];
    }

    private void Buy(int day, int until)
    {
        do
        {
            var category = Goods.Next(random, traits.Taste, _owned);
            _owned.Add(category.Name);
            var rate = traits.Region.Currency is { } currency ? rates.On(currency, day) : 1;
            var usual = traits.Segment.Spend * traits.Channel.Spend * (traits.IsReseller ? BoughtToResell : 1);
            var euros = Math.Max(1, _spend.NextValue() * usual * category.Price);
            var amount = Math.Round((decimal)euros / rate, 2);
            var share = (decimal)(category.Margin - (traits.IsReseller ? MarginConceded : 0) + (0.03 * random.NextNormal()));
            var sale = new SimulatedSale(
                $"{person}-{++_rows}",
                day,
                amount,
                random.NextDouble() < 0.8 ? Math.Round(amount * share, 2) : null,
                random.NextDouble() < 0.97 ? category.Name : null,
                Market.Pick(random, ["online", "store", "phone"], static c => c == "online" ? 3 : 1));
            _sales.Add(sale);
            var back = day + 3 + random.NextInt(18);
            if (random.NextDouble() < (traits.IsDemanding ? ReturnedByDemanding : Returned) && back <= until)
            {
                _sales.Add(sale with { Id = sale.Id + "R", Day = back, Amount = -sale.Amount, Margin = -sale.Margin });
            }
        }
        while (random.NextDouble() < SecondRow);
    }
}

/// <summary>Counts contacts of a kind in the year before a day; the days must be asked for in order.</summary>
internal sealed class YearCount(IReadOnlyList<Interaction> contacts, InteractionKind kind)
{
    private readonly int[] _days = [.. contacts.Where(c => c.Kind == kind).Select(static c => c.Day)];
    private int _begun;
    private int _over;

    /// <summary>The contacts in the <see cref="CustomerSummary.YearDays"/> days before a day.</summary>
    public int Before(int day)
    {
        while (_begun < _days.Length && _days[_begun] < day)
        {
            _begun++;
        }

        while (_over < _begun && _days[_over] < day - CustomerSummary.YearDays)
        {
            _over++;
        }

        return _begun - _over;
    }
}
