namespace Clv.Functions.Telemetry;

/// <summary>Names of the attributes of spans, metrics and log records. Those without a prefix are a metric's own.</summary>
internal static class Tags
{
    public const string Run = "clv.run";
    public const string Date = "clv.date";
    public const string Phase = "clv.phase";
    public const string Unit = "clv.unit";
    public const string Units = "clv.units";
    public const string Outcome = "clv.outcome";
    public const string DeliveryCount = "clv.delivery.count";
    public const string Role = "clv.role";
    public const string StorageRequests = "clv.storage.requests";
    public const string StorageRetries = "clv.storage.retries";

    public const string ErrorType = "error.type";
    public const string Method = "http.request.method";
    public const string Route = "http.route";
    public const string Status = "http.response.status_code";

    public const string MessagingSystem = "messaging.system";
    public const string Destination = "messaging.destination.name";
    public const string Operation = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string MessageId = "messaging.message.id";
    public const string BatchCount = "messaging.batch.message_count";
}
