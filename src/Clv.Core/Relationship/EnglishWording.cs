using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>English.</summary>
internal sealed class EnglishWording : Wording
{
    private const string Complaint = "“Have we been able to resolve your concern to your satisfaction?”";

    private EnglishWording()
        : base(new WordedFigures(german: false))
    {
    }

    public static EnglishWording Instance { get; } = new();

    public override string Language => "en";

    public override string Phase(RelationshipPhase phase) => phase switch
    {
        RelationshipPhase.Prospect => "Prospect",
        RelationshipPhase.New => "New customer",
        RelationshipPhase.Growing => "Buying more than before",
        RelationshipPhase.Steady => "Regular customer",
        RelationshipPhase.AtRisk => "At risk of leaving",
        RelationshipPhase.Lapsed => "Probably gone",
        RelationshipPhase.Lost => "Lost",
        RelationshipPhase.Unprofitable => "Does not cover costs",
        RelationshipPhase.Leaving => "Has cancelled",
        _ => throw Unknown(phase),
    };

    public override string Tier(ValueTier tier) => tier switch
    {
        ValueTier.Top => "Top customer",
        ValueTier.Middle => "Medium value",
        ValueTier.Base => "Low value",
        _ => throw Unknown(tier),
    };

    public override string Basis(ValueBasis basis) => basis switch
    {
        ValueBasis.Revenue => "Revenue",
        ValueBasis.Contribution => "Contribution margin",
        _ => throw Unknown(basis),
    };

    public override string Cause(ChangeCause cause) => cause switch
    {
        ChangeCause.Bought => "There was a purchase.",
        ChangeCause.Returned => "Goods were returned or an amount was corrected.",
        ChangeCause.Silent => "There has still been no purchase.",
        ChangeCause.ContractStarted => "A contract began.",
        ChangeCause.ContractRenewed => "A contract was renewed.",
        ChangeCause.ContractEnded => "A contract was cancelled or ran out.",
        ChangeCause.Costs => "There were costs.",
        ChangeCause.ModelChanged => "The calculation was adapted to new data.",
        _ => throw Unknown(cause),
    };

    public override string Event(EventKind kind) => kind switch
    {
        EventKind.PhaseChanged => "New phase",
        EventKind.TierChanged => "New value tier",
        EventKind.RenewalDue => "Renewal coming up",
        EventKind.RiskAppeared => "At risk of leaving",
        _ => throw Unknown(kind),
    };

    public override string Title(ActionKind kind) => kind switch
    {
        ActionKind.Win => "Win as a customer",
        ActionKind.Welcome => "Welcome",
        ActionKind.FollowUp => "Ask how it went",
        ActionKind.Upsell => "Offer more or better",
        ActionKind.CrossSell => "Offer something that goes with it",
        ActionKind.Renew => "Talk about the renewal",
        ActionKind.Reward => "Say thank you",
        ActionKind.Rescue => "Look after this customer now",
        ActionKind.WinBack => "Win back",
        ActionKind.ServeAtLowerCost => "Point to simpler ways",
        ActionKind.PartWell => "Stay friendly, offer nothing",
        _ => throw Unknown(kind),
    };

    public override string Reason(Reason reason, string currency)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var figures = reason.Figures;
        return reason.Kind switch
        {
            ReasonKind.FutureValue =>
                $"Expected to bring {Money(figures["value"], currency)} in {Count(figures["horizonWeeks"], "week", "weeks")}.",
            ReasonKind.TopTier =>
                $"Among the most valuable {Percent(figures["share"])} of customers, with a lifetime value of {Money(figures["value"], currency)}.",
            ReasonKind.Silent when figures.TryGetValue("usualDays", out var usual) =>
                $"The last purchase was {Ago(figures["days"])}; usually there is one about every {(usual == 1 ? "day" : Days(usual))}.",
            ReasonKind.Silent => $"The only purchase was {Ago(figures["days"])}.",
            ReasonKind.ProbablyGone when figures.TryGetValue("horizonWeeks", out var weeks) =>
                $"The chance of another purchase in {Count(weeks, "week", "weeks")} is {Percent(figures["probability"])}.",
            ReasonKind.ProbablyGone => $"The chance that this is still a customer is {Percent(figures["probability"])}.",
            ReasonKind.FirstPurchase => figures["days"] == 0 ? "A customer since today." : $"A customer for only {Days(figures["days"])}.",
            ReasonKind.RecentPurchase => $"The last purchase was {Ago(figures["days"])}.",
            ReasonKind.Growth => $"Bought {Percent(figures["growth"])} more in the last year than in the year before.",
            ReasonKind.RenewalDue => Renewal(reason, currency),
            ReasonKind.Cancelled => figures["days"] > 0
                ? $"{Contract(reason.Text)} is cancelled and ends in {Days(figures["days"])}."
                : $"{Contract(reason.Text)} was cancelled and ended {Ago(-figures["days"])}.",
            ReasonKind.OwnedBySimilar =>
                $"{Percent(figures["share"])} of customers with similar purchases also have “{reason.Text}”, {Number(figures["lift"], 1)} times as many as otherwise.",
            ReasonKind.CostsExceedValue =>
                $"Costs of {Money(figures["costs"], currency)} stand against earnings of {Money(figures["contribution"], currency)}.",
            ReasonKind.ServiceCost when figures.TryGetValue("cost", out var cost) =>
                $"{Count(figures["contacts"], "service contact", "service contacts")} in the last year; service costs about {Money(cost, currency)} a year.",
            ReasonKind.ServiceCost => $"{Count(figures["contacts"], "service contact", "service contacts")} in the last year.",
            ReasonKind.Complaints => $"{Count(figures["complaints"], "complaint", "complaints")} in the last year.",
            ReasonKind.PaysLate => $"Invoices are paid {Days(figures["days"])} late on average.",
            ReasonKind.ProspectValue =>
                $"Similar customers have a lifetime value of {Money(figures["value"], currency)}; of such people in the CRM, {Percent(figures["conversion"])} have bought.",
            ReasonKind.ValueAtStake =>
                $"{Money(figures["value"], currency)} is at stake over {Count(figures["horizonWeeks"], "week", "weeks")}.",
            ReasonKind.Recommends => $"Would recommend us ({Number(figures["nps"])} out of 10).",
            ReasonKind.SpendsLess =>
                $"Spends about {Money(figures["spend"], currency)} per purchase, where {Money(figures["usual"], currency)} is usual; most of it on “{reason.Text}”.",
            _ => throw Unknown(reason.Kind),
        };
    }

    public override string Change(ValueChange change, string currency)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Total == 0
            ? "The customer’s value is unchanged."
            : $"The customer’s value has {(change.Total > 0 ? "risen" : "fallen")} by {Money(Math.Abs(change.Total), currency)}.";
    }

    public override string Days(decimal days) => Count(days, "day", "days");

    protected override string Sentence(NextAction action) => action.Kind switch
    {
        ActionKind.Win => "“May I briefly show you what we can do for you?”",
        ActionKind.Welcome => "“A warm welcome! Has everything gone the way you had hoped so far?”",
        ActionKind.FollowUp => Tells(action, ReasonKind.Complaints) ? Complaint : "“Are you happy with your last purchase?”",
        ActionKind.Upsell => $"“May I show you what else we have for you in ‘{action.Category}’?”",
        ActionKind.CrossSell => $"“Many customers with similar wishes also like our ‘{action.Category}’. May I show you something?”",
        ActionKind.Renew => $"“{SpokenContract(action)} renews {When(action)}. Would you like to continue as it is, or may we change something?”",
        ActionKind.Reward => "“Thank you for your loyalty! We are very glad to have you with us.”",
        ActionKind.Rescue => Tells(action, ReasonKind.Cancelled)
            ? "“I see that you have cancelled. What can we do so that you would like to stay with us?”"
            : Tells(action, ReasonKind.Complaints) ? Complaint
            : "“We have not heard from you for a while. Is there anything we can do for you?”",
        ActionKind.WinBack => "“We would be glad to be there for you again. What would we have to do better?”",
        ActionKind.ServeAtLowerCost => "“Many things can also be done online at any time. May I briefly show you how?”",
        ActionKind.PartWell => "Settle the matter kindly and for good; make no offers.",
        _ => throw Unknown(action.Kind),
    };

    private string Ago(decimal days) => days == 0 ? "today" : $"{Days(days)} ago";

    private string Renewal(Reason reason, string currency)
    {
        var text = $"{Contract(reason.Text)} comes up for renewal in {Days(reason.Figures["days"])}";
        text += reason.Figures.TryGetValue("value", out var value) ? $"; {Money(value, currency)} is at stake" : "";
        return text + (reason.Figures.TryGetValue("probability", out var chance) ? $", and the chance is {Percent(chance)}." : ".");
    }

    private static string Contract(string? product) => product is null ? "The contract" : $"The contract “{product}”";

    private static string SpokenContract(NextAction action) =>
        action.Reasons.FirstOrDefault(static r => r.Kind == ReasonKind.RenewalDue)?.Text is { } product
            ? $"Your contract ‘{product}’"
            : "Your contract";

    private string When(NextAction action) => action.Due is { } due ? $"on {Day(DateOnly.FromDayNumber(due))}" : "soon";
}
