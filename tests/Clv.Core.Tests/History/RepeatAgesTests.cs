using Clv.Core.Estimation;
using Clv.Core.History;

namespace Clv.Core.Tests.History;

public class RepeatAgesTests
{
    [Fact]
    public void Of_RowsOnBothSidesOfTheCutoff_CountsOccasionsByAge()
    {
        var ages = new RepeatAges();
        // Day 10 is bought and returned, day 700 lies after the window.
        CustomerSummary.Of([0, 3, 10, 10, 90, 95, 700], [1, 1, 5, -5, 1, 1, 1], [], endDay: 100, holdoutDays: 8, ages);

        Assert.Equal([3, 90], Days(ages.Before));
        Assert.Equal([95], Days(ages.After));
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var ages = new RepeatAges();
        ages.Add(1, afterCutoff: false, 5);
        ages.Add(4000, afterCutoff: false);
        ages.Add(77, afterCutoff: true, long.MaxValue / 2);
        var stream = new MemoryStream();
        ages.Write(stream);
        stream.Position = 0;
        var read = RepeatAges.Read(stream);
        read.Add(new RepeatAges());

        Assert.Equal([1, 4000], Days(read.Before));
        Assert.Equal(5, read.Before[1]);
        Assert.Equal(long.MaxValue / 2, read.After[77]);
        Assert.Throws<EndOfStreamException>(() => RepeatAges.Read(new MemoryStream(stream.ToArray()[..^1])));
    }

    [Fact]
    public void CustomerBase_SampleOfTheCustomers_ReducesTheAgesInProportion()
    {
        var customers = new CustomerBase();
        var ages = new RepeatAges();
        for (var i = 0; i < 3000; i++)
        {
            var summary = CustomerSummary.Of([0, 10 + (i % 50), 200 + (i % 80)], [1, 1, 1], [], endDay: 400, holdoutDays: 0, ages);
            if (i % 3 == 0)
            {
                customers.Add(summary);
            }
        }

        customers.Add(ages);
        var groups = customers.All.Whole.Build();
        Assert.NotNull(groups.RepeatAges);
        Assert.Equal(groups.RepeatOccasions, groups.RepeatAges.Sum(a => a.Value));
        Assert.InRange(groups.RepeatAges.Where(a => a.Key < 100 / 7.0).Sum(a => a.Value), 999, 1001);
    }

    private static int[] Days(ReadOnlySpan<long> counts) => [.. counts.ToArray().Index().Where(c => c.Item > 0).Select(c => c.Index)];
}
