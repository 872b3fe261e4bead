using NCrontab;

namespace Clv.Cli.Host;

/// <summary>An NCRONTAB expression of five or six fields, read in UTC as in Azure.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule _schedule;

    private TimerSchedule(CrontabSchedule schedule) => _schedule = schedule;

    public static TimerSchedule Parse(string expression, string where)
    {
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        var schedule = fields is 5 or 6
            ? CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 })
            : null;
        return schedule is not null
            ? new TimerSchedule(schedule)
            : throw new FunctionsHostException(
                $"{where} is \"{expression}\", but it must be an NCRONTAB expression: " +
                "{second} {minute} {hour} {day} {month} {day of week}, e.g. \"0 0 2 * * *\".");
    }

    /// <summary>The first occurrence after a moment, or null when there is none.</summary>
    public DateTimeOffset? After(DateTimeOffset moment)
    {
        var next = _schedule.GetNextOccurrence(moment.UtcDateTime, DateTime.MaxValue);
        return next == DateTime.MaxValue ? null : new DateTimeOffset(DateTime.SpecifyKind(next, DateTimeKind.Utc));
    }

    /// <summary>Whether the next few occurrences come less than a minute apart; the real host keeps no status of such a schedule.</summary>
    public bool IsShorterThanAMinute(DateTimeOffset moment)
    {
        const int looks = 5;
        var previous = After(moment);
        for (var look = 0; look < looks && previous is not null; look++)
        {
            var next = After(previous.Value);
            if (next - previous < TimeSpan.FromMinutes(1))
            {
                return true;
            }

            previous = next;
        }

        return false;
    }
}
