using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Tests.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Valuation;

/// <summary>A reader with a calculator gets every figure.</summary>
public class ExplanationTests
{
    [Fact]
    public void Of_ManyCustomersOfAllKinds_EveryStepFollowsFromItsOwnFigures()
    {
        var random = new Random(20260630);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 600; i++)
        {
            var (facts, rows) = SomeCustomers.Customer(random);
            var valuer = SomeCustomers.Valuer(random, intervals: i % 4 == 0);
            var explanation = Explanation.Of(facts, valuer, i % 2 == 0 ? rows : null);

            var results = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var step in explanation.Steps)
            {
                foreach (var figure in step.Figures)
                {
                    Assert.Equal(figure.Value, results.GetValueOrDefault(figure.Symbol, figure.Value));
                }

                codes.Add(step.Code);
                Check(step);
                Assert.True(results.TryAdd(step.Symbol, step.Result), $"{step.Symbol} is calculated twice.");
                Assert.NotEmpty(step.English);
                Assert.NotEmpty(step.German);
                Assert.NotEmpty(step.Unit);
            }

            CheckWorth(explanation, facts, valuer);
        }

        string[] all =
        [
            "rows.purchase", "rows.other", "history.mean", "purchases.discounted", "behaviour.effect", "contract.renewal", "contract.cancelled",
            "contract.unknown", "share.margin", "share.paid", "share.kept", "share.serving", "costs.late", "spend.factor", "future.low", "worth.plain",
        ];
        Assert.Empty(all.Except(codes, StringComparer.Ordinal));
    }

    [Fact]
    public void Of_Rows_TellsWhichDaysArePurchases()
    {
        PurchaseRow[] rows =
        [
            new(SomeCustomers.EndDay - 21, SomeCustomers.Euro(-10)),
            new(SomeCustomers.EndDay - 70, SomeCustomers.Euro(30)),
            new(SomeCustomers.EndDay - 35, SomeCustomers.Euro(20)),
            new(SomeCustomers.EndDay - 35, SomeCustomers.Euro(25)),
            new(SomeCustomers.EndDay - 28, SomeCustomers.Euro(40)),
            new(SomeCustomers.EndDay - 28, SomeCustomers.Euro(-40)),
        ];

        var explanation = Explanation.Of(SomeCustomers.Facts(rows), SomeCustomers.Valuer(new Random(1)), rows);

        Assert.Equal(
            ["rows.purchase", "rows.purchase", "rows.other", "rows.other"],
            explanation.Steps.Select(static step => step.Code).Where(static code => code.StartsWith("rows.", StringComparison.Ordinal)));
        Assert.Equal("day_1 + day_2 + day_3 + day_4", Step(explanation, "history.net").Formula);
        Assert.Equal(65, Step(explanation, "history.net").Result);
        Assert.Equal(1, Step(explanation, "history.x").Result);
        Assert.Equal(5, Step(explanation, "history.recency").Result);
        Assert.Equal(10, Step(explanation, "history.age").Result);
        Assert.Equal(45, Step(explanation, "history.mean").Result);
    }

    [Fact]
    public void Of_TheSameCustomer_IsTheSameExplanation()
    {
        var (facts, rows) = SomeCustomers.Customer(new Random(5));
        var one = Explanation.Of(facts, SomeCustomers.Valuer(new Random(6)), rows);
        var other = Explanation.Of(facts, SomeCustomers.Valuer(new Random(6)), rows);

        Assert.Equal(one.Steps.Select(Text), other.Steps.Select(Text));

        static string Text(ExplanationStep step) => $"{step.Symbol} = {step.Formula} = {step.Result:R} {step.English} {step.German}";
    }

    private static void Check(ExplanationStep step)
    {
        var figures = step.Figures.ToDictionary(static figure => figure.Symbol, static figure => figure.Value, StringComparer.Ordinal);
        if (step.Model is null)
        {
            var result = FormulaEvaluator.Evaluate(step.Formula, figures);
            var tolerance = step.Formula.Contains("cents", StringComparison.Ordinal) ? 0.001 : 1e-9 * Math.Max(1e-3, Math.Abs(step.Result));
            Assert.True(Math.Abs(result - step.Result) <= tolerance, $"{step.Code}: {step.Formula} is {result}, not {step.Result}.");
            return;
        }

        var expected = Oracle(step, figures);
        Assert.True(Math.Abs(expected - step.Result) <= 1e-7 * Math.Max(1e-3, expected), $"{step.Code}: {expected}, not {step.Result}.");
    }

    // By the numerical integrals that the models themselves are tested with.
    private static double Oracle(ExplanationStep step, Dictionary<string, double> f)
    {
        var (x, tx, age) = ((int)f["x"], f["t_x"], f["T"]);
        var rate = f.GetValueOrDefault("weeklyRate");
        if (step.Model == "pareto-nbd")
        {
            var pareto = new ParetoNbd(f["r"], f["alpha"], f["s"], f["beta"]);
            var alive = LifetimeOracle.ProbabilityAlive(pareto, x, tx, age);
            return step.Code == "purchases.alive" ? alive : alive * LifetimeOracle.DiscountedIfAlive(pareto, x, age, f["horizonWeeks"], rate);
        }

        var modified = step.Model == "mbg-nbd";
        Assert.True(modified || step.Model == "bg-nbd", step.Model);
        BetaGeometricModel model = modified ? new MbgNbd(f["r"], f["alpha"], f["a"], f["b"]) : new BgNbd(f["r"], f["alpha"], f["a"], f["b"]);
        var chances = x + (modified ? 1 : 0);
        var odds = chances == 0 ? 0 : f["a"] / (f["b"] + chances - 1) * Math.Pow((f["alpha"] + age) / (f["alpha"] + tx), f["r"] + x);
        return DropoutOracle.Expected(model, x, age, f["horizonWeeks"], rate) / (1 + odds);
    }

    private static void CheckWorth(Explanation explanation, CustomerFacts facts, Valuer valuer)
    {
        var worth = explanation.Worth;
        var value = valuer.Value(facts);
        Assert.Equal(value with { Contracts = [] }, worth with { Contracts = [] });
        Assert.Equal(value.Contracts, worth.Contracts);
        decimal Of(string code) => (decimal)Step(explanation, code).Result;
        Assert.Equal(worth.Revenue, Of("historic.revenue"));
        Assert.Equal(worth.ContractRevenue, Of("historic.contracts"));
        Assert.Equal(worth.Contribution, Of("historic.contribution"));
        Assert.Equal(worth.Costs.Total, Of("costs.total"));
        Assert.Equal(worth.Costs.LatePayment, Of("costs.late"));
        Assert.Equal(worth.FuturePurchases, Of("future.purchases"));
        Assert.Equal(worth.FutureContracts, Of("future.contracts"));
        Assert.Equal(worth.FutureServing, Of("future.serving"));
        Assert.Equal(worth.FutureLatePayment, Of("future.late"));
        Assert.Equal(worth.Historic, Of("worth.historic"));
        Assert.Equal(worth.Future, Of("worth.future"));
        Assert.Equal(worth.Lifetime, Of("worth.lifetime"));
        Assert.Equal(worth.Plain?.Value, explanation.Steps.FirstOrDefault(static step => step.Code == "worth.plain") is { } plain ? (decimal)plain.Result : null);
        Assert.Equal(worth.Contracts.Count, explanation.Steps.Count(static s => s.Code is "contract.future" or "contract.unknown" or "contract.cancelled"));
        Assert.Equal(worth.FutureLow is not null, explanation.Steps.Any(static step => step.Code == "future.low"));
    }

    private static ExplanationStep Step(Explanation explanation, string code) => explanation.Steps.Single(step => step.Code == code);
}
