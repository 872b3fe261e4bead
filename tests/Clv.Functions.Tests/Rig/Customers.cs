using System.Text;
using Clv.Core.Models;

namespace Clv.Functions.Tests.Rig;

/// <summary>Extracts of simulated customers, the same for the same seed.</summary>
public static class Customers
{
    /// <summary>A transactions file; customers are named by <paramref name="id"/>.</summary>
    public static string Transactions(int count, ulong seed = 1, Func<int, string>? id = null, DateOnly? until = null)
    {
        const int Window = 700;
        var end = (until ?? NightRig.Tonight).DayNumber;
        var random = new SeededRandom(seed);
        var purchases = new DaySimulator(new BgNbd(0.8, 5, 0.9, 6).Simulator(random), random);
        var spend = new GammaGammaSimulator(new GammaGamma(2, 4, 50), random);
        var text = new StringBuilder("customer_id,occurred_at,amount\n");
        for (var i = 1; i <= count; i++)
        {
            var acquired = end - Window + random.NextInt(Window / 2);
            spend.NextCustomer();
            Row(0);
            foreach (var day in purchases.NextCustomer(end - acquired))
            {
                Row(day);
            }

            void Row(int day) => text.Append($"\"{(id is null ? $"C{i}" : id(i)).Replace("\"", "\"\"")}\",{DateOnly.FromDayNumber(acquired + day):yyyy-MM-dd},{spend.NextValue():0.00}\n");
        }

        return text.ToString();
    }

    /// <summary>An extract set of one transactions file.</summary>
    public static IReadOnlyDictionary<string, string> Extract(int count, ulong seed = 1, Func<int, string>? id = null) =>
        new Dictionary<string, string> { ["transactions.csv"] = Transactions(count, seed, id) };
}
