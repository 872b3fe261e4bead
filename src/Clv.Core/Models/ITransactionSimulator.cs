namespace Clv.Core.Models;

/// <summary>
/// Draws customers who behave as a model says, in continuous time. Reuses one buffer, so a customer costs no allocation. Not safe for use
/// from several threads at once.
/// </summary>
public interface ITransactionSimulator
{
    /// <summary>The times of one new customer's repeat occasions, in weeks since the first one: ascending, within the age.</summary>
    /// <param name="age">Weeks from the first occasion to the end of the observation, 0 or more.</param>
    /// <returns>A view of the reused buffer, valid until the next call.</returns>
    ReadOnlySpan<double> NextCustomer(double age);
}
