using Clv.Core.Models.Contracts;
using static Clv.Core.Valuation.HistorySteps;

namespace Clv.Core.Valuation;

/// <summary>What the renewals of contracts are expected to bring.</summary>
internal static class ContractSteps
{
    public static void Add(StepList steps, Valuer valuer, FutureParts future)
    {
        var (contracts, fees) = (new List<string>(), new List<string>());
        foreach (var contract in future.Contracts)
        {
            contracts.Add($"contract_{contracts.Count + 1}");
            AddContract(steps, valuer, contract, contracts.Count, fees);
        }

        steps.Add(
            "future.contracts", "futureContracts", HistoricSteps.Sum(contracts), (double)future.OfContracts, "currency",
            "Value of the renewals within the horizon, discounted", "Wert der Verlängerungen im Horizont, abgezinst");
        if (fees.Count > 0)
        {
            steps.Add(
                "future.fees", "futureFees", HistoricSteps.Sum(fees), future.Fees, "currency",
                "Of it fees, before the costs of what is provided", "Davon Entgelte, vor den Kosten der Leistung");
        }
    }

    private static void AddContract(StepList steps, Valuer valuer, ContractFuture contract, int number, List<string> fees)
    {
        var (worth, name) = (contract.Worth, contract.Worth.Product ?? "-");
        if (!contract.IsValued)
        {
            var (english, german) = worth.Cancelled
                ? ($"{name}: cancelled, ends on {worth.NextRenewal:yyyy-MM-dd}", $"{name}: gekündigt, endet am {worth.NextRenewal:yyyy-MM-dd}")
                : ($"{name}: without its term, its fee or a model of how long contracts of such a term last its renewals are not known and count nothing",
                    $"{name}: ohne Laufzeit, Entgelt oder ein Modell für Verträge solcher Laufzeit sind Verlängerungen nicht bekannt und zählen nichts");
            steps.Add(
                worth.Cancelled ? "contract.cancelled" : "contract.unknown",
                $"contract_{number}", "0", 0, "currency", english, german);
            return;
        }

        steps.Given($"fee_{number}", contract.Fee).Given($"made_{number}", worth.Renewals);
        var bdw = contract.Model is BetaDiscreteWeibull;
        steps.Given(contract.Model!.Parameters.Select(of => KeyValuePair.Create($"{of.Key}_{number}", of.Value)));
        var amounts = new List<string>();
        for (var k = 1; k <= contract.Renewals.Count; k++)
        {
            var renewal = contract.Renewals[k - 1];
            var (id, date) = ($"{number}_{k}", Date(renewal.Day));
            var (before, age) = (k == 1 ? "" : $"survival_{number}_{k - 1} × ", $"made_{number} + {k - 1}");
            var survival = $"{before}(beta_{number} + {age}) / (alpha_{number} + beta_{number} + {age})";
            if (bdw)
            {
                survival = $"exp(lnB(alpha_{number}, beta_{number} + (made_{number} + {k}) ^ c_{number})"
                    + $" - lnB(alpha_{number}, beta_{number} + made_{number} ^ c_{number}))";
            }

            steps.Given($"days_{id}", renewal.Day - valuer.EndDay);
            steps.Add(
                "contract.survival", $"survival_{id}", survival, renewal.Survival, "probability",
                $"{name}: renewed on {date} and at every renewal before", $"{name}: verlängert am {date} und bei jeder Verlängerung davor");
            steps.Add(
                "contract.discount", $"discount_{id}", $"exp(-weeklyRate × days_{id} / 7)", renewal.Discount, "factor",
                $"What money of {date} is worth today", $"Was Geld vom {date} heute wert ist");
            steps.Add(
                "contract.renewal",
                $"renewal_{id}", $"fee_{number} × contractMargin × survival_{id} × discount_{id}", contract.Amount(renewal), "currency",
                $"{name}: the renewal on {date}", $"{name}: die Verlängerung am {date}");
            amounts.Add($"renewal_{id}");
            fees.Add($"fee_{number} × survival_{id} × discount_{id}");
        }

        steps.Add(
            "contract.future", $"contract_{number}", $"cents({HistoricSteps.Sum(amounts)})", (double)worth.Future!.Value, "currency",
            $"{name}: all renewals within the horizon", $"{name}: alle Verlängerungen im Horizont");
    }
}
