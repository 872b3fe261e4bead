namespace Azure.Data.Tables;

/// <summary>What one action of a transaction does to its row.</summary>
public enum TableTransactionActionType
{
    /// <summary>Insert; fails with 409 if the row exists.</summary>
    Add = 0,

    /// <summary>Merge into an existing row, if its version matches. Without an ETag this is <see cref="UpsertMerge"/>.</summary>
    UpdateMerge = 1,

    /// <summary>Replace an existing row, if its version matches. Without an ETag this is <see cref="UpsertReplace"/>.</summary>
    UpdateReplace = 2,

    /// <summary>
    /// Delete; fails with 404 if the row does not exist, and with 412 if its version does not match. Without an ETag any version matches.
    /// </summary>
    Delete = 3,

    /// <summary>Insert, or merge into the row that exists.</summary>
    UpsertMerge = 4,

    /// <summary>Insert, or replace the row that exists.</summary>
    UpsertReplace = 5,
}
