using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Faults;

/// <summary>The nights that are disturbed.</summary>
public enum FaultWorldKind
{
    /// <summary>A firm's first night, of purchases only, with one process.</summary>
    FirstNight,

    /// <summary>A snapshot of everything a CRM has, a week after another, with two processes.</summary>
    Snapshot,

    /// <summary>A delta of everything upon a snapshot, with two processes.</summary>
    Delta,

    /// <summary>A delta of purchases only, some of them corrected, with three processes.</summary>
    Corrections,
}

/// <summary>What a kind of night is made of.</summary>
/// <param name="Workers">How many processes.</param>
/// <param name="Partitions">How many partitions.</param>
/// <param name="Before">What was delivered a week before; null when there was no night then.</param>
/// <param name="Tonight">What is delivered tonight.</param>
/// <param name="IsDelta">Whether that is only what is new.</param>
internal sealed record WorldSetup(
    int Workers, int Partitions, IReadOnlyDictionary<string, string>? Before, IReadOnlyDictionary<string, string> Tonight, bool IsDelta)
{
    /// <summary>The setup of a kind.</summary>
    public static WorldSetup Of(FaultWorldKind kind)
    {
        var firm = new SmallWorld(customers: 120);
        return kind switch
        {
            FaultWorldKind.FirstNight => new WorldSetup(1, 2, null, Customers.Extract(150), IsDelta: false),
            FaultWorldKind.Snapshot => new WorldSetup(2, 3, firm.Extract(SmallWorld.Before), firm.Extract(NightRig.Tonight), IsDelta: false),
            FaultWorldKind.Delta => new WorldSetup(
                2, 3, firm.Extract(SmallWorld.Before), firm.Extract(NightRig.Tonight, since: SmallWorld.Before), IsDelta: true),
            _ => Corrections(),
        };
    }

    // Every third purchase of the last weeks ... .
    private static WorldSetup Corrections()
    {
        const int Told = 4;
        var rows = Customers.Transactions(150, seed: 3).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(static (row, i) => (Number: i, Cells: row.Split(',')))
            .Select(static row => (row.Number, Id: row.Cells[0], Day: DateOnly.ParseExact(row.Cells[1], "yyyy-MM-dd"), Amount: row.Cells[2]))
            .ToList();
        string File(IEnumerable<string> lines) => "customer_id,occurred_at,amount,transaction_id\n" + string.Concat(lines.Select(static line => line + "\n"));
        string Line((int Number, string Id, DateOnly Day, string Amount) row, bool corrected) =>
            $"{row.Id},{row.Day:yyyy-MM-dd},{(corrected ? "123.45" : row.Amount)},T{row.Number}";
        var known = rows.Where(static row => row.Day <= SmallWorld.Before).ToList();
        var late = known.Where(static row => row.Day > SmallWorld.Before.AddDays(-60) && row.Number % Told == 0);
        var fresh = rows.Where(static row => row.Day > SmallWorld.Before);
        return new WorldSetup(
            3,
            2,
            new Dictionary<string, string> { ["transactions.csv"] = File(known.Select(row => Line(row, corrected: false))) },
            new Dictionary<string, string>
            {
                ["transactions-1.csv"] = File(fresh.Select(row => Line(row, corrected: false))),
                ["transactions-2.csv"] = File(late.Select(row => Line(row, corrected: true))),
            },
            IsDelta: true);
    }
}
