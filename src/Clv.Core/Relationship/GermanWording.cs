using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>German.</summary>
internal sealed class GermanWording : Wording
{
    private const string Complaint = "„Konnten wir Ihr Anliegen inzwischen zu Ihrer Zufriedenheit klären?“";

    private GermanWording()
        : base(new WordedFigures(german: true))
    {
    }

    public static GermanWording Instance { get; } = new();

    public override string Language => "de";

    public override string Phase(RelationshipPhase phase) => phase switch
    {
        RelationshipPhase.Prospect => "Interessent",
        RelationshipPhase.New => "Neukunde",
        RelationshipPhase.Growing => "Kauft mehr als früher",
        RelationshipPhase.Steady => "Stammkunde",
        RelationshipPhase.AtRisk => "Abwanderungsgefährdet",
        RelationshipPhase.Lapsed => "Wahrscheinlich abgewandert",
        RelationshipPhase.Lost => "Verloren",
        RelationshipPhase.Unprofitable => "Nicht kostendeckend",
        RelationshipPhase.Leaving => "Hat gekündigt",
        _ => throw Unknown(phase),
    };

    public override string Tier(ValueTier tier) => tier switch
    {
        ValueTier.Top => "Spitzenkunde",
        ValueTier.Middle => "Mittlerer Kundenwert",
        ValueTier.Base => "Geringer Kundenwert",
        _ => throw Unknown(tier),
    };

    public override string Basis(ValueBasis basis) => basis switch
    {
        ValueBasis.Revenue => "Umsatz",
        ValueBasis.Contribution => "Deckungsbeitrag",
        _ => throw Unknown(basis),
    };

    public override string Cause(ChangeCause cause) => cause switch
    {
        ChangeCause.Bought => "Es wurde gekauft.",
        ChangeCause.Returned => "Ware wurde zurückgegeben oder ein Betrag berichtigt.",
        ChangeCause.Silent => "Es wurde weiterhin nichts gekauft.",
        ChangeCause.ContractStarted => "Ein Vertrag hat begonnen.",
        ChangeCause.ContractRenewed => "Ein Vertrag wurde verlängert.",
        ChangeCause.ContractEnded => "Ein Vertrag wurde gekündigt oder ist ausgelaufen.",
        ChangeCause.Costs => "Es sind Kosten angefallen.",
        ChangeCause.ModelChanged => "Die Berechnung wurde an neue Daten angepasst.",
        _ => throw Unknown(cause),
    };

    public override string Event(EventKind kind) => kind switch
    {
        EventKind.PhaseChanged => "Neue Phase",
        EventKind.TierChanged => "Neue Wertstufe",
        EventKind.RenewalDue => "Vertragsverlängerung steht an",
        EventKind.RiskAppeared => "Abwanderung droht",
        _ => throw Unknown(kind),
    };

    public override string Title(ActionKind kind) => kind switch
    {
        ActionKind.Win => "Als Kunden gewinnen",
        ActionKind.Welcome => "Willkommen heißen",
        ActionKind.FollowUp => "Nachfragen",
        ActionKind.Upsell => "Mehr oder Besseres anbieten",
        ActionKind.CrossSell => "Passendes dazu anbieten",
        ActionKind.Renew => "Vertragsverlängerung ansprechen",
        ActionKind.Reward => "Danke sagen",
        ActionKind.Rescue => "Jetzt um den Kunden kümmern",
        ActionKind.WinBack => "Zurückgewinnen",
        ActionKind.ServeAtLowerCost => "Auf einfachere Wege hinweisen",
        ActionKind.PartWell => "Freundlich bleiben, nichts anbieten",
        _ => throw Unknown(kind),
    };

    public override string Reason(Reason reason, string currency)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var figures = reason.Figures;
        return reason.Kind switch
        {
            ReasonKind.FutureValue =>
                $"Erwartet werden {Money(figures["value"], currency)} in {Count(figures["horizonWeeks"], "Woche", "Wochen")}.",
            ReasonKind.TopTier =>
                $"Der Kunde gehört zu den wertvollsten {Percent(figures["share"])}: {Money(figures["value"], currency)} Kundenwert, bisher und künftig zusammen.",
            ReasonKind.Silent when figures.TryGetValue("usualDays", out var usual) =>
                $"Der letzte Kauf liegt {Days(figures["days"])} zurück, sonst wird etwa {(usual == 1 ? "jeden Tag" : $"alle {Days(usual)}")} gekauft.",
            ReasonKind.Silent => $"Der einzige Kauf liegt {Days(figures["days"])} zurück.",
            ReasonKind.ProbablyGone when figures.TryGetValue("horizonWeeks", out var weeks) =>
                $"Die Chance auf einen weiteren Kauf in {Count(weeks, "Woche", "Wochen")} liegt bei {Percent(figures["probability"])}.",
            ReasonKind.ProbablyGone => $"Die Chance, dass der Kunde uns noch treu ist, liegt bei {Percent(figures["probability"])}.",
            ReasonKind.FirstPurchase => figures["days"] == 0 ? "Seit heute Kunde." : $"Erst seit {Count(figures["days"], "Tag", "Tagen")} Kunde.",
            ReasonKind.RecentPurchase => $"Der letzte Kauf war {Ago(figures["days"])}.",
            ReasonKind.Growth => $"Im letzten Jahr wurde {Percent(figures["growth"])} mehr gekauft als im Jahr davor.",
            ReasonKind.RenewalDue => Renewal(reason, currency),
            ReasonKind.Cancelled => figures["days"] > 0
                ? $"{Contract(reason.Text)} ist gekündigt und endet in {Count(figures["days"], "Tag", "Tagen")}."
                : $"{Contract(reason.Text)} ist gekündigt und endete {Ago(-figures["days"])}.",
            ReasonKind.OwnedBySimilar =>
                $"{Percent(figures["share"])} der Kunden mit ähnlichen Käufen haben auch „{reason.Text}“, {Number(figures["lift"], 1)}-mal so viele wie sonst.",
            ReasonKind.CostsExceedValue =>
                $"Kosten von {Money(figures["costs"], currency)} stehen Erträgen von {Money(figures["contribution"], currency)} gegenüber.",
            ReasonKind.ServiceCost when figures.TryGetValue("cost", out var cost) =>
                $"{Count(figures["contacts"], "Servicekontakt", "Servicekontakte")} im letzten Jahr; die Betreuung kostet rund {Money(cost, currency)} im Jahr.",
            ReasonKind.ServiceCost => $"{Count(figures["contacts"], "Servicekontakt", "Servicekontakte")} im letzten Jahr.",
            ReasonKind.Complaints => $"{Count(figures["complaints"], "Beschwerde", "Beschwerden")} im letzten Jahr.",
            ReasonKind.PaysLate => $"Rechnungen werden im Schnitt {Days(figures["days"])} zu spät bezahlt.",
            ReasonKind.ProspectValue =>
                $"Vergleichbare Kunden haben bisher und künftig zusammen einen Wert von {Money(figures["value"], currency)}; "
                + $"von solchen Personen im CRM haben {Percent(figures["conversion"])} gekauft.",
            ReasonKind.ValueAtStake =>
                $"Es geht um {Money(figures["value"], currency)} in {Count(figures["horizonWeeks"], "Woche", "Wochen")}.",
            ReasonKind.Recommends => $"Würde uns weiterempfehlen ({Number(figures["nps"])} von 10).",
            ReasonKind.SpendsLess =>
                $"Gibt je Einkauf etwa {Money(figures["spend"], currency)} aus, üblich sind {Money(figures["usual"], currency)}; am meisten für „{reason.Text}“.",
            _ => throw Unknown(reason.Kind),
        };
    }

    public override string Change(ValueChange change, string currency)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Total == 0
            ? "Der Kundenwert ist unverändert."
            : $"Der Kundenwert ist um {Money(Math.Abs(change.Total), currency)} {(change.Total > 0 ? "gestiegen" : "gesunken")}.";
    }

    public override string Days(decimal days) => Count(days, "Tag", "Tage");

    protected override string Sentence(NextAction action) => action.Kind switch
    {
        ActionKind.Win => "„Darf ich Ihnen kurz zeigen, was wir für Sie tun können?“",
        ActionKind.Welcome => "„Herzlich willkommen bei uns! Hat bisher alles so geklappt, wie Sie es sich vorgestellt haben?“",
        ActionKind.FollowUp => Tells(action, ReasonKind.Complaints) ? Complaint : "„Sind Sie mit Ihrem letzten Einkauf zufrieden?“",
        ActionKind.Upsell => $"„Darf ich Ihnen zeigen, was wir bei ‚{action.Category}‘ noch für Sie haben?“",
        ActionKind.CrossSell => $"„Viele Kunden mit ähnlichen Wünschen schätzen bei uns auch ‚{action.Category}‘. Darf ich Ihnen dazu etwas zeigen?“",
        ActionKind.Renew => $"„{SpokenContract(action)} verlängert sich{When(action)}. Möchten Sie ihn so weiterführen, oder dürfen wir etwas anpassen?“",
        ActionKind.Reward => "„Vielen Dank für Ihre Treue! Wir freuen uns sehr, dass Sie bei uns sind.“",
        ActionKind.Rescue => Tells(action, ReasonKind.Cancelled)
            ? "„Ich sehe, dass Sie gekündigt haben. Was können wir tun, damit Sie gern bei uns bleiben?“"
            : Tells(action, ReasonKind.Complaints) ? Complaint
            : "„Wir haben länger nichts von Ihnen gehört. Gibt es etwas, das wir für Sie tun können?“",
        ActionKind.WinBack => "„Wir würden uns freuen, wieder für Sie da zu sein. Was müssten wir besser machen?“",
        ActionKind.ServeAtLowerCost => "„Vieles können Sie jederzeit auch online erledigen. Darf ich Ihnen kurz zeigen, wie das geht?“",
        ActionKind.PartWell => "Das Anliegen freundlich und abschließend klären; keine Angebote machen.",
        _ => throw Unknown(action.Kind),
    };

    private string Ago(decimal days) => days == 0 ? "heute" : $"vor {Count(days, "Tag", "Tagen")}";

    private string Renewal(Reason reason, string currency)
    {
        var text = $"{Contract(reason.Text)} steht in {Count(reason.Figures["days"], "Tag", "Tagen")} zur Verlängerung an";
        text += reason.Figures.TryGetValue("value", out var value) ? $"; es geht um {Money(value, currency)}" : "";
        return text + (reason.Figures.TryGetValue("probability", out var chance) ? $", die Chance liegt bei {Percent(chance)}." : ".");
    }

    private static string Contract(string? product) => product is null ? "Der Vertrag" : $"Der Vertrag „{product}“";

    private static string SpokenContract(NextAction action) =>
        action.Reasons.FirstOrDefault(static r => r.Kind == ReasonKind.RenewalDue)?.Text is { } product ? $"Ihr Vertrag ‚{product}‘" : "Ihr Vertrag";

    private string When(NextAction action) => action.Due is { } due ? $" am {Day(DateOnly.FromDayNumber(due))}" : " demnächst";
}
