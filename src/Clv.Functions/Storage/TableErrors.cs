using Azure;
using Azure.Data.Tables.Models;

namespace Clv.Functions.Storage;

/// <summary>What an error of table storage means.</summary>
internal static class TableErrors
{
    /// <summary>Whether there is no such table, or not for long.</summary>
    public static bool IsOfNoTable(this RequestFailedException error) =>
        error.ErrorCode is { } code && (code == TableErrorCode.TableNotFound || code == TableErrorCode.TableBeingDeleted);
}
