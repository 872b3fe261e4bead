using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>Customers drawn by each model of the family against its formulas, also among those who share a history.</summary>
public class FamilySimulationTests
{
    private const int Customers = 100_000;

    public static readonly TheoryData<string, double> Models = new()
    {
        { "bg-nbd", 1 }, { "mbg-nbd", 1 }, { "bg-cnbd-k", 3 }, { "mbg-cnbd-k", 2 }, { "mbg-cnbd-k", 6 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Simulator_NewCustomers_BuyAsTheModelSays(string id, double k)
    {
        var model = Model(id, k);
        var simulator = model.Simulator(new SeededRandom(31));
        var counts = new int[8];
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < Customers; i++)
        {
            var n = simulator.NextCustomer(52).Length;
            sum += n;
            squares += (double)n * n;
            if (n < counts.Length)
            {
                counts[n]++;
            }
        }

        var mean = sum / Customers;
        Assert.Equal(model.ExpectedTransactions(52), mean, 4 * Math.Sqrt(((squares / Customers) - (mean * mean)) / Customers));
        var probabilities = new double[counts.Length];
        model.TransactionProbabilities(52, probabilities);
        AssertShares(counts, probabilities, Customers);
    }

    /// <summary>Those with two repeat purchases, the last one before the fifteenth of thirty weeks: what do they do in the next thirty?</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Simulator_CustomersOfOneHistory_GoOnAsTheModelSays(string id, double k)
    {
        var model = Model(id, k);
        var simulator = model.Simulator(new SeededRandom(32));
        const double age = 30;
        var counts = new int[5];
        var expectedShare = new double[counts.Length];
        var share = new double[counts.Length];
        var (customers, sum, squares, expected) = (0, 0.0, 0.0, 0.0);
        for (var i = 0; i < Customers; i++)
        {
            var times = simulator.NextCustomer(2 * age);
            var x = 0;
            while (x < times.Length && times[x] <= age)
            {
                x++;
            }

            // Every customer has a silence of his own, so the prediction is averaged over the same customers.
            if (x == 2 && times[1] < age / 2)
            {
                var n = times.Length - x;
                customers++;
                sum += n;
                squares += (double)n * n;
                expected += model.ExpectedTransactions(2, times[1], age, age);
                model.TransactionProbabilities(2, times[1], age, age, share);
                for (var j = 0; j < share.Length; j++)
                {
                    expectedShare[j] += share[j];
                }

                if (n < counts.Length)
                {
                    counts[n]++;
                }
            }
        }

        Assert.True(customers > 2000, $"{customers} customers");
        var mean = sum / customers;
        Assert.Equal(expected / customers, mean, 4 * Math.Sqrt(((squares / customers) - (mean * mean)) / customers));
        AssertShares(counts, Array.ConvertAll(expectedShare, s => s / customers), customers);
    }

    private static void AssertShares(int[] counts, double[] probabilities, int customers)
    {
        for (var n = 0; n < counts.Length; n++)
        {
            var error = Math.Sqrt(probabilities[n] * (1 - probabilities[n]) / customers);
            Assert.Equal(probabilities[n], counts[n] / (double)customers, (4 * error) + 1e-5);
        }
    }

    private static ITransactionModel Model(string id, double k) => TransactionModels.Find(id).Create(
        new Dictionary<string, double>(StringComparer.Ordinal) { ["k"] = k, ["r"] = 1.3, ["alpha"] = 14 / k, ["a"] = 0.8, ["b"] = 2.5 });
}
