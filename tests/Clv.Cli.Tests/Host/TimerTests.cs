using System.Globalization;
using Clv.Cli.Host;

namespace Clv.Cli.Tests.Host;

public sealed class TimerTests(Storage storage) : IAsyncDisposable
{
    private readonly TestApp _app = new(storage.ConnectionString);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("Clv:Schedule")]
    [InlineData("Clv__Schedule")]
    public async Task Timer_WithAScheduleFromASetting_FiresOnTheSecond(string setting)
    {
        _app.Settings[setting] = "* * * * * *";
        AddTimer("%Clv:Schedule%");
        await _app.StartAsync();
        var calls = await _app.WhenCalledAsync(2);
        Assert.All(calls, call => Assert.Equal("/StartNight", call.Target));
        // By the host's clock: when a call gets to the handler is the machine's affair.
        Assert.NotEqual(Second(calls[0]), Second(calls[1]));
        var timer = calls[0].Json.GetProperty("Data").GetProperty("timer");
        Assert.Equal("""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""", timer.GetRawText());
        Assert.Equal(["sys"], calls[0].Json.GetProperty("Metadata").EnumerateObject().Select(property => property.Name));
        Assert.Equal("StartNight", calls[0].Json.GetProperty("Metadata").GetProperty("sys").GetProperty("MethodName").GetString());

        static string Second(HandlerCall call) => call.Json.GetProperty("Metadata").GetProperty("sys").GetProperty("UtcNow").GetString()!.Split('.')[0];
    }

    [Theory]
    [InlineData("0 0 2 * * *")]
    [InlineData("0 2 * * *")]
    public async Task TriggerTimerAsync_OfANightlyFunction_CallsItNowWithItsNextRun(string schedule)
    {
        AddTimer(schedule);
        var host = await _app.StartAsync();
        Assert.Equal(["StartNight"], host.TimerFunctions);
        var result = await host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded);
        var call = Assert.Single(_app.Calls());
        Assert.Equal("\"manual\"", call.Json.GetProperty("Metadata").GetProperty("timer").GetString());
        var status = call.Json.GetProperty("Data").GetProperty("timer").GetProperty("ScheduleStatus");
        Assert.Equal("0001-01-01T00:00:00+00:00", status.GetProperty("Last").GetString());
        var next = DateTimeOffset.Parse(status.GetProperty("Next").GetString()!, CultureInfo.InvariantCulture);
        Assert.Equal(TimeSpan.FromHours(2), next.TimeOfDay);
        Assert.InRange(next - DateTimeOffset.FromUnixTimeMilliseconds(call.At), TimeSpan.FromSeconds(-5), TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task TriggerTimerAsync_OfAnUnknownFunction_NamesTheKnownOnes()
    {
        AddTimer("0 0 2 * * *");
        var host = await _app.StartAsync();
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => host.TriggerTimerAsync("StartDay", TestContext.Current.CancellationToken));
        Assert.Contains("StartNight", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 2 * * *", "2024-02-28T23:00:00Z", "2024-02-29T02:00:00Z")]
    [InlineData("30 0 2 * * *", "2024-02-29T02:00:00Z", "2024-02-29T02:00:30Z")]
    [InlineData("30 0 2 * * *", "2024-02-29T02:00:30Z", "2024-03-01T02:00:30Z")]
    public void After_GivesTheNextOccurrenceInUtc(string expression, string moment, string expected)
    {
        var schedule = TimerSchedule.Parse(expression, "here");
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), schedule.After(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void After_OfADayThatNeverComes_IsNull() =>
        Assert.Null(TimerSchedule.Parse("0 0 0 30 2 *", "here").After(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    private void AddTimer(string schedule) => _app.AddFunction(
        "StartNight", $$"""{ "bindings": [{ "type": "timerTrigger", "direction": "in", "name": "timer", "schedule": "{{schedule}}" }] }""");
}
