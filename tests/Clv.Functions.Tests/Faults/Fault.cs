using System.Globalization;

namespace Clv.Functions.Tests.Faults;

/// <summary>What can go wrong.</summary>
public enum FaultKind
{
    /// <summary>The process that asks is killed before its request is passed on.</summary>
    KillBefore,

    /// <summary>The process that asks is killed when its request has taken effect.</summary>
    KillAfter,

    /// <summary>Storage answers with an error instead.</summary>
    Error,

    /// <summary>Storage answers with an error although the request has taken effect.</summary>
    ErrorAfter,

    /// <summary>The connection breaks before the request is passed on.</summary>
    DropBefore,

    /// <summary>The connection breaks when the request has taken effect.</summary>
    DropAfter,

    /// <summary>Storage takes its time.</summary>
    Slow,

    /// <summary>Somebody else writes the row just before, so that storage itself answers 412 when the request has a condition.</summary>
    Raced,

    /// <summary>A message is queued twice.</summary>
    Twice,

    /// <summary>A message is visible late only.</summary>
    Late,

    /// <summary>Storage refuses a few requests in a row (403), which no retry helps against: their units fail and come again.</summary>
    Refuse,

    /// <summary>Storage refuses every such request (403) until the run is given up.</summary>
    Poison,

    /// <summary>The night is started once more, by the timer and by hand, while it runs.</summary>
    StartAgain,

    /// <summary>The clock of the process that asks jumps.</summary>
    ClockJump,

    /// <summary>A share of all the app's requests fails, each in its own way.</summary>
    Storm,
}

/// <summary>One thing that goes wrong in a night.</summary>
/// <param name="Kind">What.</param>
/// <param name="Target">Of which requests.</param>
/// <param name="Place">Which of them: from 0, the first of an undisturbed night's, to 1, behind the last.</param>
/// <param name="Value">An error's status, a share in percent, a number of requests, milliseconds, or hours; as the kind has it.</param>
public sealed record Fault(FaultKind Kind, FaultTarget Target, double Place, int Value)
{
    /// <summary>The number of the request that it hits, from 1.</summary>
    /// <param name="count">How many there are in an undisturbed night.</param>
    public int Ordinal(int count) => 1 + (int)(Place * Math.Max(count, 1));

    /// <summary>What happens, in words.</summary>
    public string Describe(int count)
    {
        var what = Kind switch
        {
            FaultKind.KillBefore => "kill the process before",
            FaultKind.KillAfter => "kill the process after",
            FaultKind.Error => $"answer {Value} instead of",
            FaultKind.ErrorAfter => $"answer {Value} after",
            FaultKind.DropBefore => "drop the connection before",
            FaultKind.DropAfter => "drop the connection after",
            FaultKind.Slow => $"wait {Value} ms before",
            FaultKind.Raced => "let another writer touch the row before",
            FaultKind.Twice => $"queue a second copy, visible after {Value} s, of",
            FaultKind.Late => $"hide for {Value} s",
            FaultKind.Refuse => $"answer 403 instead of the {Value} requests from",
            FaultKind.StartAgain => "start the night again, by timer and by hand, at",
            FaultKind.ClockJump => $"set the process's clock {(Value < 0 ? "back" : "forward")} by {Math.Abs(Value)} h at",
            FaultKind.Poison => "answer 403 until the run is given up instead of",
            _ => $"fail {Value} % of all requests",
        };
        return Kind == FaultKind.Storm ? what : string.Create(CultureInfo.InvariantCulture, $"{what} {Target} {Ordinal(count)} of {count}");
    }
}
