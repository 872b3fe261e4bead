using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Core.Valuation;

/// <summary>What purchases are expected to bring.</summary>
internal static class PurchaseSteps
{
    public static void Add(StepList steps, CustomerFacts facts, Valuer valuer, FutureParts future)
    {
        AddTerms(steps, valuer.Terms);
        var formula = new List<string>();
        if (future.Unadjusted is { } value)
        {
            OccasionSteps.Add(steps, future.Models.Transactions, facts.Purchases.Whole, value);
            AddSpend(steps, future.Models.Spend, facts.Purchases.Whole, value.ExpectedSpend);
            formula.AddRange(["discountedOccasions", "spend"]);
            if (future.Models.Net is { } net)
            {
                AddNet(steps, net, facts.Purchases.Whole, value.NetRate);
                formula.Add("net");
            }

            if (value.MarginRate is not null)
            {
                formula.Add("marginRate");
            }

            if (future.Factor is { } factor)
            {
                AddBehaviour(steps, valuer.Models.Behaviour!, factor, facts);
                formula.Add("behaviour");
                steps.Add(
                    "purchases.occasions",
                    "occasionsWithBehaviour", "expectedOccasions × behaviour", future.Purchases!.Value.ExpectedTransactions, "occasions",
                    "Occasions expected within the horizon, with behaviour", "Erwartete Käufe im Horizont, mit Verhalten");
            }
        }

        var (english, german) = !future.CountsPurchases
            ? ("Fees are among the transactions, so the contracts stand for all purchases",
                "Entgelte sind in den Transaktionen enthalten, die Verträge stehen für alle Käufe")
            : future.Unadjusted is null ? ("There is no purchase to expect more of", "Es gibt keinen Kauf, aus dem weitere zu erwarten sind")
            : ("Value of the purchases within the horizon, discounted", "Wert der Käufe im Horizont, abgezinst");
        var counted = future.CountsPurchases && formula.Count > 0;
        steps.Add(
            "future.purchases", "futurePurchases", counted ? $"cents({string.Join(" × ", formula)})" : "0", (double)future.OfPurchases, "currency", english, german);
        steps.Add(
            "future.revenue", "futureRevenue", counted ? string.Join(" × ", formula.Where(static part => part != "marginRate")) : "0", future.Revenue, "currency",
            "Of it revenue, before the costs of what is sold", "Davon Umsatz, vor den Kosten der Waren");
    }

    private static void AddTerms(StepList steps, ValuationTerms terms)
    {
        steps.Given("annualRate", terms.AnnualRate).Given("horizonWeeks", terms.HorizonWeeks);
        steps.Add(
            "terms.rate", "weeklyRate", "ln(1 + annualRate) × 7 / 365.2425", terms.WeeklyRate, "per week",
            "The discount rate, compounded continuously", "Der Zins, stetig gerechnet");
        steps.Add(
            "terms.weeks", "discountedWeeks", terms.WeeklyRate == 0 ? "horizonWeeks" : "(1 - exp(-weeklyRate × horizonWeeks)) / weeklyRate",
            SteadyBuying.DiscountedWeeks(terms.HorizonWeeks, terms.WeeklyRate), "weeks",
            "The weeks of the horizon, each discounted to today", "Die Wochen des Horizonts, jede auf heute abgezinst");
    }

    private static void AddSpend(StepList steps, ISpendModel? model, in PurchaseSummary summary, double result)
    {
        var known = summary.SpendCount > 0;
        if (model is FrequencySpend)
        {
            steps.Given(model.Parameters);
            steps.Add(
                "spend.factor",
                "frequencyFactor",
                "(1 + spendCount) ^ exponent", FrequencySpend.Factor(summary.SpendCount, Parameter(model, FrequencySpend.ExponentName)), "factor",
                "Frequent buyers spend another amount per purchase", "Häufige Käufer geben je Kauf einen anderen Betrag aus");
        }

        var formula = model switch
        {
            null => "0",
            GammaGamma => known ? "p × (v + spendCount × meanSpend) / (p × spendCount + q - 1)" : "p × v / (q - 1)",
            FrequencySpend { Inner: GammaGamma } => known
                ? "frequencyFactor × p × (v + spendCount × meanSpend / frequencyFactor) / (p × spendCount + q - 1)" : "frequencyFactor × p × v / (q - 1)",
            ShrunkSpend { Variation: 0 } => known ? "meanSpend" : "level",
            ShrunkSpend { Spread: > 0 } => known ? "level + spendCount / (spendCount + (variation / spread) ^ 2) × (meanSpend - level)" : "level",
            ShrunkSpend => "level",
            _ => null,
        };
        var (english, german) = model is null
            ? ("No purchase of any customer has a value", "Kein Kauf eines Kunden hat einen Wert")
            : ("Expected value of a paid purchase: the customer's mean drawn towards everybody's",
                "Erwarteter Wert eines bezahlten Kaufs: der eigene Mittelwert, zu dem aller hingezogen");
        IReadOnlyList<KeyValuePair<string, double>> parameters = model?.Parameters ?? [];
        steps.Given(parameters);
        if (formula is not null)
        {
            steps.Add("purchases.spend", "spend", formula, result, "currency", english, german);
            return;
        }

        IEnumerable<string> figures = [.. parameters.Select(static of => of.Key), "spendCount", .. known ? (string[])["meanSpend"] : []];
        steps.AddModel("purchases.spend", "spend", "expected value of a purchase", result, "currency", english, german, "spend", figures);
    }

    private static double Parameter(ISpendModel model, string name) =>
        model.Parameters.First(parameter => string.Equals(parameter.Key, name, StringComparison.Ordinal)).Value;

    private static void AddNet(StepList steps, NetRates rates, in PurchaseSummary summary, double result)
    {
        var parts = new List<string>();
        if (rates.Paid is { } paid)
        {
            steps.Given("repeats", summary.Frequency);
            HistoricSteps.AddShare(
                steps, paid, "paid",
                "spendCount", "repeats", summary.Frequency, Math.Clamp(paid.Of(summary.SpendCount, summary.Frequency), 0, 1), clamped: true,
                "Share of purchases that are paid for", "Anteil der bezahlten Käufe");
            parts.Add("paidRate");
        }

        if (rates.Kept is { } kept)
        {
            var bought = (summary.NetTotal + summary.ReturnTotal).ToDouble();
            steps.Add(
                "history.bought", "bought", "netTotal + returnTotal", bought, "currency",
                "Bought, before returns on other days", "Gekauft, vor Rückgaben an anderen Tagen");
            HistoricSteps.AddShare(
                steps, kept, "kept",
                "netTotal", "bought", bought, Math.Clamp(kept.Of(summary.NetTotal.ToDouble(), bought), 0, 1), clamped: true,
                "Share that is not returned later", "Anteil, der später nicht zurückgegeben wird");
            parts.Add("keptRate");
        }

        steps.Add(
            "purchases.net", "net", parts.Count == 0 ? "1" : string.Join(" × ", parts), result, "share",
            "What is left of a paid purchase's value per purchase", "Was je Kauf vom Wert eines bezahlten Kaufs bleibt");
    }

    private static void AddBehaviour(StepList steps, BehaviourEffects behaviour, double factor, CustomerFacts facts)
    {
        var parts = new List<string> { "behaviourLevel" };
        steps.Given("behaviourLevel", behaviour.Level);
        foreach (var effect in behaviour.Effects)
        {
            if (BehaviourMeasures.Of(effect.Measure, facts.Profile, facts.LastYear) is not { } measure)
            {
                continue;
            }

            // All but the answer to a question are the logarithm of one more than a whole number.
            var (name, counted) = (effect.Measure.ToString(), effect.Measure != BehaviourMeasure.Nps);
            parts.Add($"effect{name}");
            steps.Given($"coefficient{name}", effect.Coefficient).Given($"mean{name}", effect.Mean)
                .Given($"number{name}", counted ? Math.Round(Math.Exp(measure) - 1) : measure)
                .Given($"standardError{name}", effect.StandardError).Given($"customers{name}", effect.Customers);
            steps.Add(
                "behaviour.effect", parts[^1], $"coefficient{name} × ({(counted ? $"ln(1 + number{name})" : $"number{name}")} - mean{name})",
                effect.Of(measure), "logarithm", $"Effect of {name} on expected purchases", $"Wirkung von {name} auf die erwarteten Käufe",
                $"standardError{name}", $"customers{name}");
        }

        steps.Add(
            "behaviour.factor", "behaviour", $"exp({string.Join(" + ", parts)})", factor, "factor",
            parts.Count > 1 ? "What behaviour multiplies expected purchases by" : "Nothing is known of this customer's behaviour; the level remains",
            parts.Count > 1 ? "Womit das Verhalten die erwarteten Käufe vervielfacht" : "Vom Verhalten dieses Kunden ist nichts bekannt; das Niveau bleibt");
    }
}
