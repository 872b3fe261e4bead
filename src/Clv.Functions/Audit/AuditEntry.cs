namespace Clv.Functions.Audit;

/// <summary>One thing that somebody did: who, what, to whom or to which run. Never a value, and nothing personal.</summary>
/// <param name="Who">The caller (<see cref="Access.Caller.Id"/>), or <c>night</c> for what a night does by itself.</param>
/// <param name="Action">What was done, such as <c>lookup</c>, <c>erase</c>, <c>publish</c>.</param>
/// <param name="Outcome">How it ended, such as <c>found</c>, <c>unknown</c>, <c>done</c>, <c>refused</c>.</param>
/// <param name="Customer">The customer's pseudonym, where it concerns one.</param>
/// <param name="Run">The run, where it concerns one.</param>
/// <param name="Detail">What else is to be known, such as an operator's reason.</param>
public sealed record AuditEntry(string Who, string Action, string Outcome, string? Customer = null, string? Run = null, string? Detail = null);
