using System.Collections;
using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>
/// A transaction was refused as a whole, by the service or, where its answer is certain, before sending. Nothing of it was written.
/// <see cref="RequestFailedException.Status"/> and <see cref="RequestFailedException.ErrorCode"/> are those of the action that failed.
/// </summary>
public class TableTransactionFailedException : RequestFailedException
{
    /// <summary>Where the index travels in <see cref="Exception.Data"/>, as in the official client.</summary>
    internal const string IndexKey = "FailedEntity";

    /// <summary>Wraps a failure.</summary>
    /// <param name="requestFailedException">The failure; its Data entry "FailedEntity", if any, gives the index.</param>
    /// <exception cref="ArgumentNullException"><paramref name="requestFailedException"/> is null.</exception>
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(
            (requestFailedException ?? throw new ArgumentNullException(nameof(requestFailedException))).Status,
            requestFailedException.Message,
            requestFailedException.ErrorCode,
            requestFailedException.InnerException)
    {
        foreach (DictionaryEntry item in requestFailedException.Data)
        {
            base.Data[item.Key] = item.Value;
        }

        if (int.TryParse(base.Data[IndexKey]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            FailedTransactionActionIndex = index;
        }
    }

    internal TableTransactionFailedException(int status, string errorCode, string message, int? index)
        : base(status, message, errorCode, innerException: null)
    {
        FailedTransactionActionIndex = index;
        if (index is not null)
        {
            base.Data[IndexKey] = index.Value.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The place of the failed action in the list that was submitted, from 0; null if the failure is not one action's.</summary>
    public int? FailedTransactionActionIndex { get; }
}
