using System.Globalization;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Relationship;

public class WordingTests
{
    private static readonly Dictionary<ReasonKind, string[]> Figures = new()
    {
        [ReasonKind.FutureValue] = ["value", "horizonWeeks"],
        [ReasonKind.TopTier] = ["value", "share"],
        [ReasonKind.Silent] = ["days", "usualDays"],
        [ReasonKind.ProbablyGone] = ["probability", "horizonWeeks"],
        [ReasonKind.FirstPurchase] = ["days"],
        [ReasonKind.RecentPurchase] = ["days"],
        [ReasonKind.Growth] = ["growth"],
        [ReasonKind.RenewalDue] = ["days", "probability", "value"],
        [ReasonKind.Cancelled] = ["days"],
        [ReasonKind.OwnedBySimilar] = ["lift", "share", "customers"],
        [ReasonKind.CostsExceedValue] = ["costs", "contribution"],
        [ReasonKind.ServiceCost] = ["contacts", "cost"],
        [ReasonKind.Complaints] = ["complaints"],
        [ReasonKind.PaysLate] = ["days"],
        [ReasonKind.ProspectValue] = ["value", "conversion"],
        [ReasonKind.ValueAtStake] = ["value", "horizonWeeks"],
        [ReasonKind.Recommends] = ["nps"],
        [ReasonKind.SpendsLess] = ["spend", "usual"],
    };

    public static TheoryData<string> Languages => [.. Wording.Languages];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Of_EveryValue_HasWordsOfItsOwn(string language)
    {
        var wording = Wording.Of(language);
        var due = DateOnly.FromDateTime(new DateTime(2027, 1, 12)).DayNumber;
        var actions = Enum.GetValues<ActionKind>()
            .Select(kind => wording.Action(new NextAction(kind, [Full(ReasonKind.ValueAtStake)], "Tee", due), "EUR")).ToList();
        IEnumerable<string>[] texts =
        [
            Enum.GetValues<RelationshipPhase>().Select(wording.Phase),
            Enum.GetValues<ValueTier>().Select(wording.Tier),
            Enum.GetValues<ValueBasis>().Select(wording.Basis),
            Enum.GetValues<ChangeCause>().Select(wording.Cause),
            Enum.GetValues<EventKind>().Select(wording.Event),
            actions.Select(static action => action.Title),
            actions.Select(static action => action.Sentence),
            Enum.GetValues<ReasonKind>().Select(kind => wording.Reason(Full(kind), "EUR")),
        ];

        Assert.All(texts, static group =>
        {
            Assert.All(group, static text => Assert.DoesNotMatch(@"[{}]|^\s|\s$|^$|  |‘‘|„“|“”|\balive\b", text));
            Assert.Equal(group.Count(), group.Distinct(StringComparer.Ordinal).Count());
        });
        Assert.All(texts[^1].Concat(texts[3]), static sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Reason_EveryFigure_IsTold(string language)
    {
        var wording = Wording.Of(language);
        foreach (var kind in Enum.GetValues<ReasonKind>())
        {
            var reason = Full(kind);
            foreach (var name in Figures[kind].Where(static name => name is not "customers"))
            {
                var other = reason with { Figures = new Dictionary<string, decimal>(reason.Figures) { [name] = 0.83m + reason.Figures[name] } };
                Assert.NotEqual(wording.Reason(reason, "EUR"), wording.Reason(other, "EUR"));
            }
        }
    }

    [Theory]
    [InlineData("de", "Der letzte Kauf liegt 200 Tage zurück, sonst wird etwa alle 45 Tage gekauft.", ReasonKind.Silent, "days 200 usualDays 45")]
    [InlineData("de", "Der letzte Kauf liegt 1 Tag zurück, sonst wird etwa jeden Tag gekauft.", ReasonKind.Silent, "days 1 usualDays 1")]
    [InlineData("de", "Der einzige Kauf liegt 90 Tage zurück.", ReasonKind.Silent, "days 90")]
    [InlineData("de", "Der letzte Kauf war vor 1 Tag.", ReasonKind.RecentPurchase, "days 1")]
    [InlineData("de", "Der letzte Kauf war vor 2 Tagen.", ReasonKind.RecentPurchase, "days 2")]
    [InlineData("de", "Der letzte Kauf war heute.", ReasonKind.RecentPurchase, "days 0")]
    [InlineData("de", "Erwartet werden 1.235 € in 52 Wochen.", ReasonKind.FutureValue, "value 1234.56 horizonWeeks 52")]
    [InlineData("de", "1 Beschwerde im letzten Jahr.", ReasonKind.Complaints, "complaints 1")]
    [InlineData("de", "Die Chance, dass der Kunde uns noch treu ist, liegt bei unter 1 %.", ReasonKind.ProbablyGone, "probability 0.004")]
    [InlineData(
        "de", "Die Chance auf einen weiteren Kauf in 52 Wochen liegt bei 8 %.", ReasonKind.ProbablyGone, "probability 0.08 horizonWeeks 52")]
    [InlineData("de", "Es geht um 180 € in 52 Wochen.", ReasonKind.ValueAtStake, "value 180 horizonWeeks 52")]
    [InlineData(
        "de", "Der Kunde gehört zu den wertvollsten 20 %: 12.346 € Kundenwert, bisher und künftig zusammen.", ReasonKind.TopTier,
        "value 12345.6 share 0.2")]
    [InlineData(
        "de",
        "Vergleichbare Kunden haben bisher und künftig zusammen einen Wert von 300 €; von solchen Personen im CRM haben 20 % gekauft.",
        ReasonKind.ProspectValue, "value 300 conversion 0.2")]
    [InlineData(
        "de", "Der Vertrag „Tee“ steht in 12 Tagen zur Verlängerung an; es geht um 99,90 €, die Chance liegt bei 75 %.", ReasonKind.RenewalDue,
        "days 12 probability 0.75 value 99.9")]
    [InlineData("de", "Der Vertrag „Tee“ ist gekündigt und endete vor 3 Tagen.", ReasonKind.Cancelled, "days -3")]
    [InlineData("de", "Kosten von 100 € stehen Erträgen von −12,50 € gegenüber.", ReasonKind.CostsExceedValue, "costs 100 contribution -12.5")]
    [InlineData(
        "de", "40 % der Kunden mit ähnlichen Käufen haben auch „Tee“, 2,5-mal so viele wie sonst.", ReasonKind.OwnedBySimilar,
        "share 0.4 lift 2.5 customers 60")]
    [InlineData("en", "The last purchase was 1 day ago; usually there is one about every 30 days.", ReasonKind.Silent, "days 1 usualDays 30")]
    [InlineData("en", "The contract “Tee” comes up for renewal in 1 day.", ReasonKind.RenewalDue, "days 1")]
    [InlineData("en", "The contract “Tee” is cancelled and ends in 20 days.", ReasonKind.Cancelled, "days 20")]
    [InlineData("en", "Among the most valuable 20% of customers, with a lifetime value of €12,346.", ReasonKind.TopTier, "value 12345.6 share 0.2")]
    [InlineData("en", "6 service contacts in the last year; service costs about €48.00 a year.", ReasonKind.ServiceCost, "contacts 6 cost 48")]
    [InlineData("en", "The chance of another purchase in 52 weeks is 8%.", ReasonKind.ProbablyGone, "probability 0.08 horizonWeeks 52")]
    [InlineData("en", "€180 is at stake over 52 weeks.", ReasonKind.ValueAtStake, "value 180 horizonWeeks 52")]
    [InlineData(
        "en", "Similar customers have a lifetime value of €300; of such people in the CRM, 20% have bought.", ReasonKind.ProspectValue,
        "value 300 conversion 0.2")]
    public void Reason_Figures_MakeASentence(string language, string sentence, ReasonKind kind, string figures)
    {
        var parts = figures.Split(' ');
        var byName = parts.Where(static (_, i) => i % 2 == 0).Zip(parts.Where(static (_, i) => i % 2 == 1))
            .ToDictionary(static f => f.First, static f => decimal.Parse(f.Second, CultureInfo.InvariantCulture));

        Assert.Equal(sentence, Wording.Of(language).Reason(new Reason(kind, byName, "Tee"), "EUR").Replace('\u00A0', ' '));
    }

    [Fact]
    public void Action_Kinds_AreSaidPolitely()
    {
        var due = new DateOnly(2027, 1, 12).DayNumber;
        var renew = new NextAction(ActionKind.Renew, [Full(ReasonKind.RenewalDue)], Due: due);
        var (german, english) = (Wording.Of("de-AT"), Wording.Of("en-GB"));

        Assert.Equal(
            "„Ihr Vertrag ‚Tee‘ verlängert sich am 12.01.2027. Möchten Sie ihn so weiterführen, oder dürfen wir etwas anpassen?“",
            german.Action(renew, "EUR").Sentence);
        Assert.Equal(
            "“Your contract ‘Tee’ renews on 12 Jan 2027. Would you like to continue as it is, or may we change something?”",
            english.Action(renew, "EUR").Sentence);
        Assert.Equal(
            "„Ihr Vertrag verlängert sich demnächst. Möchten Sie ihn so weiterführen, oder dürfen wir etwas anpassen?“",
            german.Action(new(ActionKind.Renew, []), "EUR").Sentence);
        Assert.Equal(
            "„Konnten wir Ihr Anliegen inzwischen zu Ihrer Zufriedenheit klären?“",
            german.Action(new(ActionKind.FollowUp, [Full(ReasonKind.Complaints)]), "EUR").Sentence);
        Assert.Equal(
            "„Ich sehe, dass Sie gekündigt haben. Was können wir tun, damit Sie gern bei uns bleiben?“",
            german.Action(new(ActionKind.Rescue, [Full(ReasonKind.Cancelled)]), "EUR").Sentence);
        Assert.Equal(
            "“Have we been able to resolve your concern to your satisfaction?”",
            english.Action(new(ActionKind.Rescue, [Full(ReasonKind.Silent), Full(ReasonKind.Complaints)]), "EUR").Sentence);
        Assert.Equal("Win back", english.Action(new(ActionKind.WinBack, []), "EUR").Title);
    }

    [Fact]
    public void Figures_InBothLanguages_AreWrittenAsPeopleDo()
    {
        var (german, english) = (Wording.Of("DE"), Wording.Of("fr"));

        Assert.Equal(("de", "en"), (german.Language, english.Language));
        Assert.Equal(("1.234.568\u00A0€", "€1,234,568"), (german.Money(1234567.8m, "EUR"), english.Money(1234567.8m, "EUR")));
        Assert.Equal(("−5,25\u00A0CHF", "−CHF\u00A05.25"), (german.Money(-5.25m, "CHF"), english.Money(-5.25m, "CHF")));
        Assert.Equal(("0,00\u00A0$", "£0.00"), (german.Money(-0.001m, "USD"), english.Money(0, "GBP")));
        Assert.Equal(("26\u00A0%", "over 99%"), (german.Percent(0.26m), english.Percent(0.998m)));
        Assert.Equal(("100\u00A0%", "0%"), (german.Percent(1), english.Percent(0)));
        Assert.Equal(("05.03.2026", "5 Mar 2026"), (german.Day(new(2026, 3, 5)), english.Day(new(2026, 3, 5))));
        Assert.Equal(("1 Tag", "2 Tage", "1 day", "0 days"), (german.Days(1), german.Days(2), english.Days(1), english.Days(0)));
        Assert.Equal("2,5", german.Number(2.5m, 1));
    }

    [Fact]
    public void Change_UpDownOrNot_IsToldByItsAmount()
    {
        var german = Wording.Of("de");

        Assert.Equal("Der Kundenwert ist um 12,50\u00A0€ gesunken.", german.Change(new(0, -12.5m, 0, []), "EUR"));
        Assert.Equal("Der Kundenwert ist um 120\u00A0€ gestiegen.", german.Change(new(100, 20, 0, []), "EUR"));
        Assert.Equal("Der Kundenwert ist unverändert.", german.Change(new(10, -10, 0, []), "EUR"));
        Assert.Equal("The customer’s value has fallen by €12.50.", Wording.Of("en").Change(new(0, -12.5m, 0, []), "EUR"));
    }

    [Fact]
    public void Reason_MissingFigure_Throws() =>
        Assert.Throws<KeyNotFoundException>(() => Wording.Of("de").Reason(new(ReasonKind.FutureValue, new Dictionary<string, decimal>()), "EUR"));

    [Fact]
    public void Codes_OfValues_AreCamelCase()
    {
        Assert.Equal(
            ("atRisk", "top", "serveAtLowerCost", "renewalDue"),
            (Codes.Of(RelationshipPhase.AtRisk), Codes.Of(ValueTier.Top), Codes.Of(ActionKind.ServeAtLowerCost), Codes.Of(EventKind.RenewalDue)));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => Codes.Of((ValueTier)9));
    }

    private static Reason Full(ReasonKind kind) =>
        new(kind, Figures[kind].Select(static (name, i) => (name, Value: 3.1m + i)).ToDictionary(static f => f.name, static f => f.Value), "Tee");
}
