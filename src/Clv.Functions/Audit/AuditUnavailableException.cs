namespace Clv.Functions.Audit;

/// <summary>Storage answers, but does not take the audit's row, so what the row tells of must not happen.</summary>
public sealed class AuditUnavailableException(string message, Exception inner) : Exception(message, inner);
