using Clv.Functions.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace Clv.Functions.Isolated.Functions;

/// <summary>Runs a unit of a night.</summary>
internal sealed class RunUnit(NightTriggers night)
{
    /// <summary>Called for each message of the queue of work.</summary>
    [Function(nameof(RunUnit))]
    public Task RunAsync(
        [QueueTrigger("clv-work", Connection = "AzureWebJobsStorage")] string unit, FunctionContext context, CancellationToken cancellationToken)
    {
        Delivery.Note(context);
        return night.RunUnitAsync(unit, cancellationToken);
    }
}
