using Clv.Functions.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace Clv.Functions.Isolated.Functions;

/// <summary>Ends a run one of whose units has failed too often.</summary>
internal sealed class FailUnit(NightTriggers night)
{
    /// <summary>Called for each message that the host has given up.</summary>
    [Function(nameof(FailUnit))]
    public Task RunAsync(
        [QueueTrigger("clv-work-poison", Connection = "AzureWebJobsStorage")] string unit, FunctionContext context, CancellationToken cancellationToken)
    {
        Delivery.Note(context);
        return night.FailUnitAsync(unit, cancellationToken);
    }
}
