using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Clv.Core.Models;
using Clv.Functions.Night;

namespace Clv.Cli.Simulation;

/// <summary>
/// Customers who behave exactly as the models say: acquired evenly over the first five years of ten, buying by BG/NBD and spending by
/// Gamma-Gamma. So what a fit should find is known.
/// </summary>
internal sealed class SimulatedPopulation(int customers, long seed, DateOnly until)
{
    private const int WindowDays = 3640;
    private const int AcquisitionDays = 1820;
    private const string FileName = "transactions.csv";

    /// <summary>The true model of how often.</summary>
    public static BgNbd Transactions { get; } = new(r: 0.8, alpha: 14.5, a: 0.9, b: 14.5);

    /// <summary>The true model of how much.</summary>
    public static GammaGamma Spend { get; } = new(p: 6.25, q: 3.74, v: 15.44);

    /// <summary>How many customers there are.</summary>
    public int Customers => customers;

    /// <summary>The id of a customer, from 1.</summary>
    public static string Id(int customer) => customer.ToString();

    /// <summary>The true parameters in words.</summary>
    public string Describe() =>
        $"BG/NBD r {Transactions.R} alpha {Transactions.Alpha} a {Transactions.A} b {Transactions.B}, Gamma-Gamma p {Spend.P} q {Spend.Q} v {Spend.V}, seed {seed}";

    /// <summary>Writes the extract set: transactions, the true parameters, and the manifest last.</summary>
    /// <returns>How many transactions there are.</returns>
    public long Write(DirectoryInfo folder)
    {
        folder.Create();
        long rows;
        using (var file = new FileStream(Path.Combine(folder.FullName, FileName), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            rows = WriteTransactions(file);
        }

        var truth = new
        {
            seed,
            until = $"{until:yyyy-MM-dd}",
            bgNbd = new { r = Transactions.R, alpha = Transactions.Alpha, a = Transactions.A, b = Transactions.B },
            gammaGamma = new { p = Spend.P, q = Spend.Q, v = Spend.V },
        };
        File.WriteAllText(Path.Combine(folder.FullName, "truth.json"), JsonSerializer.Serialize(truth));
        File.WriteAllText(
            Path.Combine(folder.FullName, ExtractManifest.FileName),
            JsonSerializer.Serialize(new { kind = "snapshot", files = new[] { new { name = FileName, rows } } }));
        return rows;
    }

    private long WriteTransactions(Stream output)
    {
        output.Write("customer_id,occurred_at,amount\n"u8);
        var random = new SeededRandom((ulong)seed);
        var purchases = new DaySimulator(Transactions.Simulator(random), random);
        var spend = new GammaGammaSimulator(Spend, random);
        var first = until.DayNumber - WindowDays;
        var dates = new byte[WindowDays + 1][];
        for (var i = 0; i < dates.Length; i++)
        {
            dates[i] = Encoding.ASCII.GetBytes($",{DateOnly.FromDayNumber(first + i):yyyy-MM-dd},");
        }

        long rows = 0;
        var line = new byte[64];
        for (var customer = 1; customer <= customers; customer++)
        {
            var acquired = random.NextInt(AcquisitionDays);
            spend.NextCustomer();
            Row(acquired);
            foreach (var day in purchases.NextCustomer(WindowDays - acquired))
            {
                Row(acquired + day);
            }

            void Row(int day)
            {
                Utf8Formatter.TryFormat(customer, line, out var length);
                dates[day].CopyTo(line, length);
                length += dates[day].Length;
                // Money has two decimals, and an occasion costs something.
                var cents = Math.Max(1, (long)Math.Round(spend.NextValue() * 100));
                Utf8Formatter.TryFormat(cents / 100, line.AsSpan(length), out var whole);
                length += whole;
                line[length++] = (byte)'.';
                line[length++] = (byte)('0' + (cents / 10 % 10));
                line[length++] = (byte)('0' + (cents % 10));
                line[length++] = (byte)'\n';
                output.Write(line.AsSpan(0, length));
                rows++;
            }
        }

        return rows;
    }
}
