namespace Azure.Data.Tables.Wire;

/// <summary>
/// Column types by their OData names (https://learn.microsoft.com/rest/api/storageservices/payload-format-for-table-service-operations).
/// Only those that JSON cannot express need an annotation.
/// </summary>
internal static class EdmType
{
    /// <summary>"Column@odata.type": "Edm.Int64" stands beside "Column": "5".</summary>
    public const string AnnotationSuffix = "@odata.type";

    public const string Int64 = "Edm.Int64";
    public const string Double = "Edm.Double";
    public const string DateTime = "Edm.DateTime";
    public const string Guid = "Edm.Guid";
    public const string Binary = "Edm.Binary";
}
