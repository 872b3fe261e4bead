using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Simulation;

/// <summary>
/// People who become known to a firm, buy, complain, conclude contracts and leave. The world is that of its seed, size and origin alone: looked
/// at until a later day it is the same world with more in it, so that the sets of two nights tell one story.
/// </summary>
internal sealed class SimulatedWorld
{
    private const int Years = 6;
    private const double Converted = 0.80;
    private const double ConvertedAtOnce = 0.55;
    private const double MeanDaysToPurchase = 60;
    private const int Streams = 32;
    private const int OfContracts = 16;
    private const int OfSales = 30;
    private const int OfTraits = 31;

    private readonly int _customers;
    private readonly ulong _seed;
    private readonly DateOnly _origin;
    private readonly DateOnly _until;

    /// <summary>A world.</summary>
    /// <param name="customers">About how many people have bought by the end of the sixth year; people go on coming at that pace.</param>
    /// <param name="seed">Where chance comes from.</param>
    /// <param name="origin">The first day.</param>
    /// <param name="until">The last day that is looked at, not before the first.</param>
    public SimulatedWorld(int customers, long seed, DateOnly origin, DateOnly until)
    {
        (_customers, _seed, _origin, _until) = (customers, (ulong)seed, origin, until);
        Rates = new ExchangeRates(new SeededRandom(_seed), origin, until);
    }

    /// <summary>The rates of the foreign currencies.</summary>
    public ExchangeRates Rates { get; }

    /// <summary>The last day that is looked at.</summary>
    public DateOnly Until => _until;

    /// <summary>The first day of the world that a day is looked at in where none is stated: the new year five years before its own.</summary>
    public static DateOnly OriginOf(DateOnly until) => new(until.Year - (Years - 1), 1, 1);

    /// <summary>The people who are known by the last day, in the order of their ids.</summary>
    public IEnumerable<SimulatedPerson> People()
    {
        for (var id = 1; ; id++)
        {
            var person = Simulate(id);
            if (person is null)
            {
                yield break;
            }

            yield return person;
        }
    }

    /// <summary>The source of chance for what is broken in a file on purpose, which no person shares.</summary>
    /// <param name="file">The file's number, 1 or more and below 32.</param>
    public SeededRandom ChanceOfFlaws(int file) => new(_seed, (ulong)file);

    /// <summary>What is true of this world, for whoever wants to see whether it is found.</summary>
    public object Truth() => new
    {
        seed = (long)_seed,
        customers = _customers,
        origin = $"{_origin:yyyy-MM-dd}",
        until = $"{_until:yyyy-MM-dd}",
        bgNbd = new { r = Market.Buying.R, alpha = Market.Buying.Alpha, a = Market.Buying.A, b = Market.Buying.B },
        gammaGamma = new { p = Market.Spend.P, q = Market.Spend.Q, v = Market.Spend.V },
        behaviour = new
        {
            rule = "rate on a day = rate x exp(sum of coefficient x measure), contacts counted over the 364 days before it",
            complaints = new { measure = "ln(1 + complaints)", coefficient = BehaviourTruth.Complaints },
            campaignClicks = new { measure = "ln(1 + clicks)", coefficient = BehaviourTruth.Clicks },
            nps = new { measure = $"answer - {BehaviourTruth.NeutralNps}", coefficient = BehaviourTruth.Nps },
            none = new[] { "payment delay", "service calls", "campaign opens", "social", "visits" },
        },
        segments = Market.Segments,
        channels = Market.Channels,
        contracts = Market.Products,
        categories = Goods.Categories,
    };

    private SimulatedPerson? Simulate(int id)
    {
        var random = Stream(OfTraits);
        var days = (_origin.AddYears(Years).DayNumber - _origin.DayNumber) * Converted / _customers;
        var known = _origin.DayNumber + (int)((id - 1 + random.NextDouble()) * days);
        var until = _until.DayNumber;
        // Everybody comes within their own slot, so nobody comes after the first who is too late.
        if (known > until)
        {
            return null;
        }

        var traits = TraitSimulator.Simulate(random);
        var (converts, hesitates) = (random.NextDouble() < Converted, random.NextDouble() >= ConvertedAtOnce);
        var first = known + (hesitates ? 1 + (int)(MeanDaysToPurchase * random.NextExponential()) : 0);
        var lost = random.NextDouble() < (converts ? 0.3 : 0.7) ? 120 + (int)(200 * random.NextExponential()) : (int?)null;
        int? bought = converts && first <= until ? first : null;
        var name = $"{id}";
        var contacts = ContactSimulator.Simulate(traits, known, bought, until, Stream);
        var seller = new SaleSimulator(Stream(OfSales), Rates, name, traits);
        var sales = bought is { } day ? seller.Simulate(day, until, contacts) : [];
        contacts.AddRange(sales.Where(static s => s.Amount < 0).Select(static s => new Interaction(s.Day, InteractionKind.Return, ContactSimulator.Euro(5.9))));
        return new SimulatedPerson
        {
            Id = id,
            Traits = traits,
            KnownOn = known,
            LostOn = (converts ? seller.LeftOn : known) + lost,
            Sales = sales,
            Contracts = bought is null ? [] : [.. Market.Products
                .Select((product, i) => ContractSimulator.Simulate(Stream(OfContracts + i), product, $"C{id}-{i + 1}", traits, first, until))
                .OfType<Contract>()],
            Contacts = [.. contacts.OrderBy(static c => c.Day).ThenBy(static c => c.Kind)],
        };

        SeededRandom Stream(int process) => new(_seed, ((ulong)id * Streams) + (ulong)process);
    }
}
