namespace Clv.Functions;

/// <summary>
/// What a run may differ by from the last published one. A run beyond a limit is held: it is published when an operator releases it, and
/// lookups are served from the last one meanwhile.
/// </summary>
public sealed record GateLimits
{
    /// <summary>The least share of the last run's customers: a snapshot that was cut short has fewer. 0 to 1; 0 for any.</summary>
    public required double MinimumCustomerShare { get; init; }

    /// <summary>The greatest multiple of the last run's customers; 1 or more.</summary>
    public required double MaximumCustomerShare { get; init; }

    /// <summary>
    /// The greatest share of the people of the night before who are not there any more: with ids of another form everybody would be somebody
    /// else. 0 to 1; 1 for any.
    /// </summary>
    public required double MaximumGoneShare { get; init; }

    /// <summary>The greatest change of the total future value, as a share of the last run's; 0 or more.</summary>
    public required double MaximumValueChange { get; init; }

    /// <summary>The greatest share of an extract file's rows that are set aside; 0 to 1; 1 for any.</summary>
    public required double MaximumQuarantineShare { get; init; }

    /// <summary>
    /// The greatest share of the last run's people whom an extract's erasures file may name; beyond it the file is refused, since an erasure cannot be undone.
    /// 0 to 1; 1 for any.
    /// </summary>
    public required double MaximumErasedShare { get; init; }

    /// <summary>How old, in days, the models of an earlier run may be that are kept because tonight's were refused; 0 to 3,650.</summary>
    public required int MaximumModelAgeDays { get; init; }
}
