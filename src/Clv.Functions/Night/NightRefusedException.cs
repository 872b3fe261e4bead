namespace Clv.Functions.Night;

/// <summary>
/// A run cannot go on, and trying again would not help: something about the input or the result is wrong. The message is the run's reason:
/// it says what is wrong and what to do, with nothing personal in it.
/// </summary>
public sealed class NightRefusedException(string reason) : Exception(reason);
