namespace Clv.Functions.Night;

/// <summary>The phases of a night, in their order. Each is a fan-out over units with a barrier behind it.</summary>
public enum Phase
{
    /// <summary>One unit: finds the extract set, checks it and lays down how many units each phase has.</summary>
    Plan,

    /// <summary>A unit per extract file: parse, check, quarantine, route to partitions.</summary>
    Ingest,

    /// <summary>A unit per partition: merge into the history, summarise every customer.</summary>
    Summarise,

    /// <summary>One unit: estimate the models, or keep the last accepted ones.</summary>
    Fit,

    /// <summary>A unit per partition: what every customer is worth.</summary>
    Value,

    /// <summary>One unit: what can only be known of all customers together, such as where tiers begin.</summary>
    Rank,

    /// <summary>A unit per partition: judge every person and write the scores.</summary>
    Score,

    /// <summary>One unit: check the books, report, move the pointer.</summary>
    Publish,

    /// <summary>A unit per partition: tell the queue of events what the published night has changed.</summary>
    Announce,
}

/// <summary>Phases in what machines read.</summary>
internal static class PhaseCodes
{
    /// <summary>A phase's name as rows, spans and metrics have it.</summary>
    public static string Code(this Phase phase) => phase.ToString().ToLowerInvariant();
}
