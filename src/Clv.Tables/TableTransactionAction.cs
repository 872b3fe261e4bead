namespace Azure.Data.Tables;

/// <summary>One row's part of an entity-group transaction. Immutable, though the entity it points to is not.</summary>
public class TableTransactionAction
{
    /// <summary>An action without a condition.</summary>
    /// <param name="actionType">What to do.</param>
    /// <param name="entity">The row; a delete needs only its keys.</param>
    /// <exception cref="ArgumentNullException"><paramref name="entity"/> is null.</exception>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity)
        : this(actionType, entity, default)
    {
    }

    /// <summary>An action on one version of a row.</summary>
    /// <param name="actionType">What to do.</param>
    /// <param name="entity">The row; a delete needs only its keys.</param>
    /// <param name="etag">
    /// The version to update or delete, or <see cref="ETag.All"/> for whichever exists. Ignored by inserts and upserts. Beware of leaving
    /// it out of an update: the service then inserts a missing row instead of failing.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="entity"/> is null.</exception>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ActionType = actionType;
        Entity = entity;
        ETag = etag;
    }

    /// <summary>What to do.</summary>
    public TableTransactionActionType ActionType { get; }

    /// <summary>The row.</summary>
    public ITableEntity Entity { get; }

    /// <summary>The version the row must have; empty if there is no condition.</summary>
    public ETag ETag { get; }
}
