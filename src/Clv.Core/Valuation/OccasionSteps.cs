using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Core.Valuation;

/// <summary>How often a customer is expected to buy: a formula where it is short, otherwise the model's page and what goes in.</summary>
internal static class OccasionSteps
{
    public static void Add(StepList steps, ITransactionModel model, in PurchaseSummary summary, CustomerValue value)
    {
        steps.Given(model.Parameters);
        var (page, title) = model switch
        {
            BgNbd => ("bg-nbd", "BG/NBD"),
            MbgNbd => ("mbg-nbd", "MBG/NBD"),
            ParetoNbd => ("pareto-nbd", "Pareto/NBD"),
            BgCnbd => ("cnbd-k", "BG/CNBD-k"),
            MbgCnbd => ("cnbd-k", "MBG/CNBD-k"),
            NoveltyBgNbd => ("forecast", "BG/NBD with novelty"),
            Nbd => ("nbd", "NBD"),
            Poisson => ("nbd", "Poisson"),
            _ => ("", model.GetType().Name),
        };
        var alive = (model, summary.Frequency) switch
        {
            (Poisson or Nbd, _) or (BgNbd, 0) => "1",
            (BgNbd, _) => "1 / (1 + a / (b + x - 1) × ((alpha + T) / (alpha + t_x)) ^ (r + x))",
            (MbgNbd, _) => "1 / (1 + a / (b + x) × ((alpha + T) / (alpha + t_x)) ^ (r + x))",
            _ => null,
        };
        var rate = model switch
        {
            Poisson => "rate",
            Nbd => "(r + x) / (alpha + T)",
            _ => null,
        };
        string[] known = [.. model.Parameters.Select(static of => of.Key), "x", "t_x", "T"];
        Step(
            "purchases.alive", "alive", alive, value.ProbabilityAlive, "probability",
            "Probability that the customer is still one", "Wahrscheinlichkeit, noch Kunde zu sein", known);
        Step(
            "purchases.expected", "expectedOccasions", rate is null ? null : $"{rate} × horizonWeeks", value.ExpectedTransactions, "occasions",
            "Occasions expected within the horizon", "Erwartete Käufe im Horizont", [.. known, "horizonWeeks"]);
        Step(
            "purchases.discounted", "discountedOccasions", rate is null ? null : $"{rate} × discountedWeeks", value.DiscountedTransactions, "occasions",
            "The same, each discounted from its time to today", "Dieselben, jeder von seiner Zeit auf heute abgezinst", [.. known, "horizonWeeks", "weeklyRate"]);

        void Step(string code, string symbol, string? formula, double result, string unit, string english, string german, IEnumerable<string> figures)
        {
            if (formula is not null)
            {
                steps.Add(code, symbol, formula, result, unit, $"{english} ({title})", $"{german} ({title})");
            }
            else
            {
                steps.AddModel(
                    code, symbol, $"{title}: {english}", result, unit,
                    $"{english} ({title})", $"{german} ({title})", page, figures);
            }
        }
    }
}
