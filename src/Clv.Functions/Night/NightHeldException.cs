namespace Clv.Functions.Night;

/// <summary>
/// A run is complete and differs too much from the last one to be published unseen. The message is the run's reason: what differs, with both
/// figures, and what to do, with nothing personal in it.
/// </summary>
public sealed class NightHeldException(string reason) : Exception(reason);
