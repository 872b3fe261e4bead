namespace Clv.Core.Callers;

/// <summary>By what somebody can be reached.</summary>
public enum ContactKind
{
    /// <summary>A telephone number.</summary>
    Phone,

    /// <summary>An e-mail address.</summary>
    Email,
}

/// <summary>A phone number or an e-mail address in its one spelling, in clear: it lives as long as a row or a request and is never stored.</summary>
/// <param name="Kind">Which of both.</param>
/// <param name="Normal">The spelling: E.164 (<see cref="PhoneFormat"/>), or as <see cref="EmailFormat"/> writes it.</param>
public readonly record struct ContactPoint(ContactKind Kind, string Normal)
{
    /// <summary>The kind alone, so that no log or message gets to see the rest.</summary>
    public override string ToString() => Kind.ToString();
}
