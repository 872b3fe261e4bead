using System.Globalization;
using Clv.Core.History;
using static Clv.Core.Valuation.HistorySteps;

namespace Clv.Core.Valuation;

/// <summary>What a customer brought and cost so far.</summary>
internal static class HistoricSteps
{
    private const string Currency = "currency";

    public static void Add(StepList steps, CustomerFacts facts, Valuer valuer, CustomerWorth worth, HistoricParts historic)
    {
        steps.Add(
            "historic.revenue", "revenue", "cents(netTotal)", (double)worth.Revenue, Currency,
            "Revenue of purchases so far", "Umsatz aus Käufen bisher");
        AddFees(steps, facts, valuer, historic);
        AddContribution(steps, facts, valuer, worth, historic);
        AddCosts(steps, facts, worth.Costs, valuer);
    }

    private static void AddFees(StepList steps, CustomerFacts facts, Valuer valuer, HistoricParts historic)
    {
        var formula = new List<string>();
        foreach (var fees in historic.Fees)
        {
            var i = (formula.Count + 1).ToString(CultureInfo.InvariantCulture);
            formula.Add($"fees_{i}");
            steps.Given($"feeSoFar_{i}", fees.Contract.FeePerTerm!.Value.ToDouble()).Given($"terms_{i}", fees.Terms);
            var name = fees.Contract.Product ?? "-";
            steps.Add(
                "historic.fees", formula[^1], $"cents(feeSoFar_{i} × terms_{i})", (double)fees.Amount, Currency,
                $"Fees of the contract {name} since {Date(fees.Contract.StartedOn)}: every term that has begun",
                $"Entgelte des Vertrags {name} seit {Date(fees.Contract.StartedOn)}: jede begonnene Laufzeit");
        }

        var among = valuer.Profile.Contracts.FeesInTransactions;
        steps.Add(
            "historic.contracts", "contractRevenue", Sum(formula), (double)historic.ContractRevenue, Currency,
            among ? "Contract fees are among the transactions and not counted again" : "Contract fees so far",
            among ? "Vertragsentgelte sind in den Transaktionen enthalten und zählen nicht noch einmal" : "Vertragsentgelte bisher");
        steps.Given("contractMargin", valuer.ContractMargin);
        if (valuer.Profile.Margins.Contracts is null && facts.Contracts.Count > 0)
        {
            steps.Add(
                "historic.contractMargin", "contractMargin", "1", 1, "share",
                "The margin of contract fees is not known, so they count in full", "Die Marge der Vertragsentgelte ist nicht bekannt, sie zählen voll");
        }
    }

    private static void AddContribution(StepList steps, CustomerFacts facts, Valuer valuer, CustomerWorth worth, HistoricParts historic)
    {
        var purchases = "revenue";
        if (historic.MarginRate is { } rate)
        {
            AddShare(
                steps, valuer.PurchaseModels(facts).Margins!, "margin",
                "marginTotal", "amountWithMargin", facts.Purchases.AmountWithMargin.ToDouble(), rate, clamped: false,
                "Share of margin: the customer's own drawn towards everybody's", "Margenanteil: der eigene, zu dem aller hingezogen");
            steps.Add(
                "historic.withoutMargin",
                "amountWithoutMargin", "netTotal - amountWithMargin", HistoricParts.WithoutMargin(facts.Purchases).ToDouble(), Currency,
                "Amounts of the rows whose margin is not known", "Beträge der Zeilen ohne bekannten Deckungsbeitrag");
            purchases = "cents(marginTotal) + cents(amountWithoutMargin × marginRate)";
        }

        steps.Add(
            "historic.purchaseContribution", "purchaseContribution", purchases, (double)historic.PurchaseContribution, Currency,
            historic.MarginRate is null ? "The margin of purchases is not known, so they count in full" : "Contribution of purchases so far",
            historic.MarginRate is null ? "Die Marge der Käufe ist nicht bekannt, sie zählen voll" : "Deckungsbeitrag der Käufe bisher");
        steps.Add(
            "historic.contractContribution", "contractContribution", Sum([.. historic.Fees.Select(static (_, i) => $"cents(fees_{i + 1} × contractMargin)")]),
            (double)historic.FeeContribution, Currency, "Contribution of contracts so far", "Deckungsbeitrag der Verträge bisher");
        steps.Add(
            "historic.contribution", "contribution", "purchaseContribution + contractContribution", (double)worth.Contribution, Currency,
            "Contribution so far", "Deckungsbeitrag bisher");
    }

    private static void AddCosts(StepList steps, CustomerFacts facts, CustomerCosts costs, Valuer valuer)
    {
        void Cost(string name, Money? amount, decimal result, string english, string german)
        {
            steps.Given(name, amount?.ToDouble() ?? 0);
            steps.Add($"costs.{name}", $"{name}Cost", amount is null ? "0" : $"cents({name})", (double)result, Currency, english, german);
        }

        var acquisition = facts.Profile?.AcquisitionCost;
        Cost(
            "acquisition", acquisition, costs.Acquisition,
            acquisition is null ? "What winning the customer cost is not known" : "Winning the customer",
            acquisition is null ? "Was die Gewinnung gekostet hat, ist nicht bekannt" : "Gewinnung des Kunden");
        Cost("campaigns", facts.Costs.Campaigns, costs.Campaigns, "Campaigns and visits", "Kampagnen und Besuche");
        Cost(
            "service", facts.Costs.Service, costs.Service,
            "Service calls, complaints and social mentions", "Serviceanrufe, Beschwerden und soziale Medien");
        Cost("returns", facts.Costs.Returns, costs.Returns, "Handling of returns", "Bearbeitung von Rückgaben");
        AddLatePayment(
            steps, facts, valuer, "costs.late", "lateCost", "revenue + contractRevenue", (double)costs.LatePayment, "so far", "bisher");
        steps.Add(
            "costs.total", "costs", "acquisitionCost + campaignsCost + serviceCost + returnsCost + lateCost", (double)costs.Total, Currency,
            "Costs so far", "Kosten bisher");
    }

    /// <summary>Adds the cost of paying late.</summary>
    internal static void AddLatePayment(
        StepList steps, CustomerFacts facts, Valuer valuer, string code, string symbol, string revenue, double result, string english, string german)
    {
        var known = valuer.Profile.Costs.Capital is not null && facts.Profile?.PaymentDelayDays is not null;
        if (known)
        {
            steps.Given("delayDays", facts.Profile!.PaymentDelayDays!.Value).Given("capital", valuer.Profile.Costs.Capital!.Value);
        }

        steps.Add(
            code, symbol, known ? $"cents(max(0, {revenue}) × delayDays / 365.2425 × capital)" : "0", result, Currency,
            known ? $"Cost of capital of paying late {english}" : "The days of paying late or the cost of capital are not known",
            known ? $"Kapitalkosten verspäteter Zahlung {german}" : "Zahlungsverzug oder Kapitalkosten sind nicht bekannt");
    }

    /// <summary>Adds a customer's share of something.</summary>
    internal static void AddShare(
        StepList steps, ShrunkShare share, string name, string part, string whole, double ofWhole, double result, bool clamped, string english, string german)
    {
        steps.Given($"{name}Overall", share.Overall).Given($"{name}Strength", share.Strength);
        var own = ofWhole > 0 ? $"({part} + {name}Strength × {name}Overall) / ({whole} + {name}Strength)" : $"{name}Overall";
        steps.Add($"share.{name}", $"{name}Rate", clamped ? $"min(1, max(0, {own}))" : own, result, "share", english, german);
    }

    /// <summary>A sum as a formula.</summary>
    internal static string Sum(IReadOnlyCollection<string> parts) => parts.Count == 0 ? "0" : string.Join(" + ", parts);
}
