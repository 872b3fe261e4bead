using System.Globalization;
using Clv.Core.History;

namespace Clv.Core.Tests.History;

public class ContractTests
{
    private static readonly Contract Yearly = new() { Id = "c", StartedOn = Day("2020-01-01"), TermMonths = 12 };

    // The day, what was cancelled and what the CRM states; whether it counts as cancelled, the next renewal or the end, and whether it runs.
    [Theory]
    [InlineData("2021-03-01", null, null, false, "2022-01-01", true)]
    [InlineData("2021-03-01", null, "2021-06-01", false, "2021-06-01", true)]
    [InlineData("2021-03-01", "2021-02-01", null, true, "2022-01-01", true)]
    [InlineData("2022-01-01", "2021-02-01", null, true, "2022-01-01", false)]
    [InlineData("2021-03-01", "2021-12-01", null, true, "2022-01-01", true)]
    [InlineData("2021-03-01", "2022-01-01", null, true, "2022-01-01", true)]
    [InlineData("2021-03-01", "2022-01-02", null, false, "2022-01-01", true)]
    [InlineData("2022-01-01", "2022-01-02", null, true, "2023-01-01", true)]
    [InlineData("2021-03-01", "2021-04-01", "2021-06-01", true, "2021-06-01", true)]
    [InlineData("2021-06-01", "2021-04-01", "2021-06-01", true, "2021-06-01", false)]
    [InlineData("2021-09-01", "2021-04-01", "2021-06-01", true, "2021-06-01", false)]
    [InlineData("2023-09-01", "2021-04-01", "2021-06-01", true, "2021-06-01", false)]
    [InlineData("2021-03-01", "2021-07-01", "2021-06-01", false, "2021-06-01", true)]
    [InlineData("2021-06-01", "2021-07-01", "2021-06-01", true, "2022-01-01", true)]
    [InlineData("2020-02-01", "2019-12-31", null, true, "2019-12-31", false)]
    public void IsCancelled_NoRenewalBeforeTheEnd_CountsFromThen(
        string day, string? cancelledOn, string? renewsOn, bool cancelled, string next, bool runs)
    {
        var contract = Yearly with { CancelledOn = DayOrNone(cancelledOn), RenewsOn = DayOrNone(renewsOn) };

        Assert.Equal((cancelled, Day(next), runs), (contract.IsCancelled(Day(day)), contract.NextRenewal(Day(day)), contract.IsRunning(Day(day))));
    }

    [Theory]
    [InlineData(null, null, false, null, true)]
    [InlineData("2021-02-01", null, true, "2021-02-01", false)]
    [InlineData("2021-05-01", null, true, "2021-05-01", true)]
    [InlineData("2021-05-01", "2021-08-01", true, "2021-08-01", true)]
    [InlineData("2021-05-01", "2021-04-01", false, "2021-04-01", true)]
    public void IsCancelled_ContractWithoutATerm_EndsOnItsDayOrTheStatedOne(
        string? cancelledOn, string? renewsOn, bool cancelled, string? next, bool runs)
    {
        var contract = Yearly with { TermMonths = null, CancelledOn = DayOrNone(cancelledOn), RenewsOn = DayOrNone(renewsOn) };
        var day = Day("2021-03-01");

        Assert.Equal((cancelled, DayOrNone(next), runs), (contract.IsCancelled(day), contract.NextRenewal(day), contract.IsRunning(day)));
    }

    [Fact]
    public void IsRunning_OnceEnded_NeverAgain()
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var start = Day("2020-01-01");
            int? Some(int most) => random.Next(3) == 0 ? null : start + random.Next(-20, most);
            var contract = new Contract
            {
                Id = "c",
                StartedOn = start,
                TermMonths = random.Next(4) == 0 ? null : random.Next(1, 14),
                CancelledOn = Some(900),
                RenewsOn = Some(900),
            };
            var (ran, cancelled) = (true, false);
            for (var day = start; day < start + 1500; day++)
            {
                Assert.True(ran || !contract.IsRunning(day));
                Assert.True(contract.IsCancelled(day) || !cancelled);
                Assert.True(contract.IsCancelled(day) || contract.IsRunning(day));
                (ran, cancelled) = (contract.IsRunning(day), contract.IsCancelled(day));
            }

            Assert.Equal(contract.CancelledOn is null, ran);
        }
    }

    private static int Day(string day) => DateOnly.Parse(day, CultureInfo.InvariantCulture).DayNumber;

    private static int? DayOrNone(string? day) => day is null ? null : Day(day);
}
