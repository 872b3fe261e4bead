namespace Clv.Core.History;

/// <summary>
/// Counts a customer's purchase occasions front to back, by the rule of <see cref="PurchaseSummary"/>, and can say at any day how things
/// stand: so the summaries of several days take one pass over the rows.
/// </summary>
internal struct Occasions
{
    private const int Tabulated = 1 << 12;

    // A logarithm per occasion would cost more than everything else here.
    private static readonly double[] LogWeeks = [.. Enumerable.Range(0, Tabulated).Select(static days => Math.Log(days / 7.0))];

    private int _next;
    private int _first;
    private int _last;
    private int _spendCount;
    private Int128 _spendTotal;

    /// <summary>No row seen yet.</summary>
    public static Occasions None => new() { _first = -1, _last = -1 };

    /// <summary>Occasions so far, the first among them.</summary>
    public int Count { get; private set; }

    /// <summary>Everything bought less everything returned so far.</summary>
    public Int128 Net { get; private set; }

    /// <summary>What was returned so far on days that are no occasion, 0 or more.</summary>
    public Int128 Returned { get; private set; }

    /// <summary>The sum of ln(weeks between neighbouring occasions) so far; 0 while there are none.</summary>
    public double SumLogGaps { get; private set; }

    /// <summary>How many rows were looked at.</summary>
    public readonly int Rows => _next;

    /// <summary>Goes on to the rows behind the last one seen.</summary>
    /// <param name="lastDay">The last day that counts.</param>
    /// <param name="days">All days of the customer's rows, ascending.</param>
    /// <param name="micros">All amounts, beside <paramref name="days"/>.</param>
    /// <param name="ages">Counts the ages at repeat occasions; null for nobody to count.</param>
    /// <param name="afterCutoff">Where it counts them.</param>
    public void AddUntil(int lastDay, ReadOnlySpan<int> days, ReadOnlySpan<long> micros, RepeatAges? ages = null, bool afterCutoff = false)
    {
        var i = _next;
        while (i < days.Length && days[i] <= lastDay)
        {
            var day = days[i];
            bool bought = false, returned = false;
            Int128 net = 0;
            for (; i < days.Length && days[i] == day; i++)
            {
                net += micros[i];
                bought |= micros[i] >= 0;
                returned |= micros[i] < 0;
            }

            Net += net;
            if (bought && (!returned || net > 0))
            {
                Add(day, net);
                if (day > _first)
                {
                    ages?.Add(day - _first, afterCutoff);
                }
            }
            else if (net < 0)
            {
                Returned -= net;
            }
        }

        _next = i;
    }

    /// <summary>The customer as seen at the end of a day.</summary>
    /// <param name="day">The day up to which rows were added.</param>
    public readonly PurchaseSummary Summary(int day) => _first < 0
        ? PurchaseSummary.None with { NetTotal = new Money(Net), ReturnTotal = new Money(Returned) }
        : new PurchaseSummary(_first, Count - 1, _last - _first, day - _first, _spendCount, new Money(_spendTotal), new Money(Net))
        {
            ReturnTotal = new Money(Returned),
        };

    private void Add(int day, Int128 net)
    {
        Count++;
        if (_first < 0)
        {
            _first = day;
        }
        else
        {
            var gap = day - _last;
            SumLogGaps += gap < Tabulated ? LogWeeks[gap] : Math.Log(gap / 7.0);
            if (net > 0)
            {
                _spendCount++;
                _spendTotal += net;
            }
        }

        _last = day;
    }
}
