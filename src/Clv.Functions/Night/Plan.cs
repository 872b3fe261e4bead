namespace Clv.Functions.Night;

/// <summary>What a run reads, taken down when it is planned, so that every unit, however often it runs, reads the same.</summary>
/// <param name="Files">The files by content, each kind in the order in which later rows replace earlier ones.</param>
/// <param name="Ignored">Files of the folder that are not read.</param>
/// <param name="Mapping">The text of the mapping that applies, or null.</param>
/// <param name="Profile">The text of the industry profile that applies, or null.</param>
/// <param name="Settings">What the run runs with.</param>
public sealed record Plan(IReadOnlyList<PlannedFile> Files, IReadOnlyList<string> Ignored, string? Mapping, string? Profile, RunSettings Settings);

/// <summary>One file of a plan.</summary>
/// <param name="Name">Its name within the folder.</param>
/// <param name="ETag">Its version; another one is refused.</param>
/// <param name="Rows">How many rows the manifest promises, if it does.</param>
/// <param name="Sha256">The SHA-256 of its bytes in hexadecimal, if the manifest gives it.</param>
/// <param name="Content">What its rows are.</param>
public sealed record PlannedFile(string Name, string ETag, long? Rows, string? Sha256, FileContent Content = FileContent.Transactions);

/// <summary>What the rows of an extract file are.</summary>
public enum FileContent
{
    /// <summary>Purchases and returns.</summary>
    Transactions,

    /// <summary>What is known of customers besides.</summary>
    Customers,

    /// <summary>Contracts.</summary>
    Contracts,

    /// <summary>Contacts that are no purchases.</summary>
    Interactions,

    /// <summary>Rates of other currencies.</summary>
    Rates,

    /// <summary>Whom to erase.</summary>
    Erasures,
}
