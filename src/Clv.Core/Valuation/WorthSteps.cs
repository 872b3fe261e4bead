using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>What serving a customer will cost, and the figures that all others lead to.</summary>
internal static class WorthSteps
{
    private const string Currency = "currency";

    public static void Add(StepList steps, CustomerFacts facts, Valuer valuer, CustomerWorth worth, FutureParts future)
    {
        AddYears(steps, facts, valuer, worth, future);
        AddServing(steps, facts, valuer, worth, future);
        HistoricSteps.AddLatePayment(
            steps, facts, valuer,
            "future.late",
            "futureLatePayment", future.Contracts.Any(static c => c.Renewals.Count > 0) ? "futureRevenue + futureFees" : "futureRevenue",
            (double)worth.FutureLatePayment, "within the horizon", "im Horizont");
        AddRange(steps, worth, future);
        AddPlain(steps, worth);
        steps.Add(
            "worth.historic", "historic", "contribution - costs", (double)worth.Historic, Currency,
            "Historic value: contribution less costs so far", "Bisheriger Wert: Deckungsbeitrag abzüglich Kosten");
        steps.Add(
            "worth.future",
            "future", "futurePurchases + futureContracts - futureServing - futureLatePayment", (double)worth.Future, Currency,
            Within(valuer, "Future value within {0} weeks at {1:P1} a year"), Within(valuer, "Zukünftiger Wert in {0} Wochen bei {1:P1} im Jahr"));
        steps.Add("worth.lifetime", "lifetime", "historic + future", (double)worth.Lifetime, Currency, "Lifetime value", "Kundenwert");
    }

    private static string Within(Valuer valuer, string text) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, text, valuer.Terms.HorizonWeeks, valuer.Terms.AnnualRate);

    private static void AddYears(StepList steps, CustomerFacts facts, Valuer valuer, CustomerWorth worth, FutureParts future)
    {
        steps.Given("daysSoFar", Valuer.DaysSoFar(facts, valuer.EndDay));
        steps.Add(
            "years.soFar", "yearsSoFar", "daysSoFar / 365.2425", Valuer.YearsSoFar(facts, valuer.EndDay), "years",
            "Since the first purchase or contract", "Seit dem ersten Kauf oder Vertrag");
        var contract = future.Contracts.Any(static c => !c.Worth.Cancelled);
        steps.Add(
            "years.alive", "customerNow", contract ? "1" : future.Unadjusted is null ? "0" : "alive", worth.ProbabilityAlive ?? 0, "probability",
            contract ? "A contract runs uncancelled: certainly a customer" : "Probability of being a customer today",
            contract ? "Ein ungekündigter Vertrag läuft: sicher Kunde" : "Wahrscheinlichkeit, heute Kunde zu sein");
        steps.Add(
            "years.discounted", "discountedYears", "discountedWeeks × 7 / 365.2425", valuer.DiscountedYears, "years",
            "The years of the horizon, discounted", "Die Jahre des Horizonts, abgezinst");
    }

    private static void AddServing(StepList steps, CustomerFacts facts, Valuer valuer, CustomerWorth worth, FutureParts future)
    {
        if (valuer.Models.ServingPerYear is { } share)
        {
            var years = ServingYears.Of(facts, valuer.EndDay) ?? 0;
            steps.Given("contactCosts", facts.Costs.Total.ToDouble()).Given("servedYears", years);
            HistoricSteps.AddShare(
                steps, share, "serving",
                "contactCosts", "servedYears", years, future.ServingPerYear!.Value, clamped: false,
                "Cost to serve a year: the customer's own drawn towards everybody's", "Betreuungskosten im Jahr: die eigenen, zu denen aller hingezogen");
        }

        var known = valuer.Models.ServingPerYear is not null;
        steps.Add(
            "future.serving", "futureServing", known ? "cents(max(0, servingRate × customerNow × discountedYears))" : "0", (double)worth.FutureServing, Currency,
            known ? "Cost to serve within the horizon, discounted" : "No costs of contacts are known",
            known ? "Betreuungskosten im Horizont, abgezinst" : "Kosten von Kontakten sind nicht bekannt");
    }

    private static void AddRange(StepList steps, CustomerWorth worth, FutureParts future)
    {
        if (worth.FutureLow is not { } low || worth.FutureHigh is not { } high || future.Ranges() is not { } ranges)
        {
            return;
        }

        steps.Given("purchasesLow", ranges.PurchasesLow).Given("purchasesHigh", ranges.PurchasesHigh)
            .Given("contractsLow", ranges.ContractsLow).Given("contractsHigh", ranges.ContractsHigh);
        steps.Add(
            "future.low", "futureLow", "cents(purchasesLow + contractsLow) - (futureServing + futureLatePayment)", (double)low, Currency,
            "Lower end of the interval of the future value", "Unteres Ende des Intervalls des zukünftigen Werts");
        steps.Add(
            "future.high", "futureHigh", "cents(purchasesHigh + contractsHigh) - (futureServing + futureLatePayment)", (double)high, Currency,
            "Upper end of the interval of the future value", "Oberes Ende des Intervalls des zukünftigen Werts");
    }

    private static void AddPlain(StepList steps, CustomerWorth worth)
    {
        if (worth.Plain is not { } plain)
        {
            return;
        }

        steps.Add(
            "plain.years", "lifetimeYears", "yearsSoFar + customerNow × horizonWeeks × 7 / 365.2425", plain.LifetimeYears, "years",
            "Lifetime: so far, and the horizon weighted with P(alive)", "Lebensdauer: bisher, und der Horizont mit P(aktiv) gewichtet");
        steps.Add(
            "plain.revenue", "revenuePerYear", "(revenue + contractRevenue) / max(1, yearsSoFar)", plain.RevenuePerYear, "currency per year",
            "Revenue a year, over at least one", "Umsatz im Jahr, über mindestens eines");
        var revenue = worth.Revenue + worth.ContractRevenue;
        var margin = revenue > 0 ? "contribution / (revenue + contractRevenue)" : plain.MarginRate == 1 ? "1" : "marginRate";
        steps.Add(
            "plain.margin", "plainMargin", margin, plain.MarginRate, "share",
            "Share of revenue that is contribution", "Anteil des Umsatzes, der Deckungsbeitrag ist");
        steps.Add(
            "worth.plain", "plain", "cents(lifetimeYears × revenuePerYear × plainMargin) - costs", (double)plain.Value, Currency,
            "The plain formula of the trade: lifetime × revenue a year × margin - costs",
            "Die einfache Formel der Praxis: Lebensdauer × Umsatz im Jahr × Marge - Kosten");
    }
}
