using Clv.Core.Callers;

namespace Clv.Core.History;

/// <summary>A <see cref="CustomerProfile"/> as a record.</summary>
internal static class ProfileCodec
{
    /// <summary>A customer has one profile, so the last one delivered is it.</summary>
    public static ReadOnlySpan<byte> Identity => "profile"u8;

    /// <summary>Writes a profile.</summary>
    public static void Write(FieldWriter fields, CustomerProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        fields.AddOptional(profile.Segment);
        fields.AddOptional(profile.Region);
        fields.AddOptional(profile.Channel);
        fields.AddOptional(profile.AcquiredOn);
        fields.AddOptional(profile.AcquisitionCost);
        fields.AddOptional(profile.Nps);
        fields.AddOptional(profile.PaymentDelayDays);
        fields.Add((int)profile.Status);
        fields.AddOptional(profile.Consent);
        fields.Add(profile.Callers.Count);
        foreach (var caller in profile.Callers)
        {
            fields.Add(caller);
        }
    }

    /// <summary>Reads the name of the segment alone, which comes first.</summary>
    public static string? ReadSegment(ref FieldReader fields) => fields.OptionalText();

    /// <summary>Reads a profile.</summary>
    public static CustomerProfile Read(ref FieldReader fields) => new()
    {
        Segment = ReadSegment(ref fields),
        Region = fields.OptionalText(),
        Channel = fields.OptionalText(),
        AcquiredOn = fields.OptionalDay(),
        AcquisitionCost = fields.OptionalMoney(),
        Nps = fields.OptionalInt(int.MaxValue),
        PaymentDelayDays = fields.OptionalInt(int.MaxValue),
        Status = (CustomerStatus)fields.Int((int)CustomerStatus.Lost),
        Consent = fields.OptionalBool(),
        Callers = Callers(ref fields),
    };

    private static CallerKeys Callers(ref FieldReader fields)
    {
        var count = fields.Length();
        if (count == 0)
        {
            return CallerKeys.None;
        }

        var keys = new List<CallerKey>();
        for (var i = 0; i < count; i++)
        {
            keys.Add(fields.Caller());
        }

        return new CallerKeys(keys);
    }
}
