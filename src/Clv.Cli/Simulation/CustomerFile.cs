namespace Clv.Cli.Simulation;

/// <summary>What the CRM says of customers and prospects.</summary>
internal static class CustomerFile
{
    /// <summary>The file.</summary>
    public static ExtractTable Table { get; } = new(
        "customers",
        [
            "customer_id", "acquired_on", "acquisition_channel", "acquisition_cost", "segment", "region", "nps", "payment_delay_days", "status", "phone",
            "email", "consent",
        ],
        "acquired_on",
        Rows);

    private static IEnumerable<object?[]> Rows(SimulatedPerson person, DateOnly day)
    {
        if (person.KnownOn > day.DayNumber)
        {
            yield break;
        }

        var traits = person.Traits;
        int? acquired = person.HasBought(day.DayNumber) ? person.Sales[0].Day : null;
        yield return
        [
            person.Id,
            acquired is { } on ? DateOnly.FromDayNumber(on) : null,
            Code.Of(traits.Channel.Name),
            acquired is null ? null : traits.AcquisitionCost,
            Code.Of(traits.Segment.Name),
            Code.Of(traits.Region.Name),
            acquired is { } since ? traits.NpsAfter(day.DayNumber - since) : null,
            acquired is null ? null : traits.PaymentDelayDays,
            Code.Of(person.LostOn <= day.DayNumber ? "lost" : acquired is null ? "prospect" : "customer"),
            PhoneBook.Phones(person.Id),
            PhoneBook.Email(person.Id),
            Code.Of(traits.Consent switch { true => "true", false => "false", null => null }),
        ];
    }
}
