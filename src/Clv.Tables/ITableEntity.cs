namespace Azure.Data.Tables;

/// <summary>
/// One row of a table. <see cref="TableEntity"/> is the ready-made form; a class of one's own may implement this instead, and its public
/// read-write properties become columns.
/// </summary>
public interface ITableEntity
{
    /// <summary>
    /// The first half of the row's key, at most 1 KiB of UTF-16; all rows of one transaction share it. Must be set before a write.
    /// </summary>
    string PartitionKey { get; set; }

    /// <summary>The second half of the row's key, at most 1 KiB of UTF-16, unique in its partition. Must be set before a write.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote the row, or null for a row that was not read from it. Never sent.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>
    /// The row's version as read; empty for a row that was not read. Never sent by itself: pass it to an update or a delete.
    /// </summary>
    ETag ETag { get; set; }
}
