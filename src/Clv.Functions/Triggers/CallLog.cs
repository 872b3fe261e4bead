namespace Clv.Functions.Triggers;

/// <summary>Logs a call of a function that fails, with the event that an alarm waits for, whichever head the host calls; the head is told of it as ever.</summary>
internal sealed class CallLog(ILogger<CallLog> logger)
{
    /// <summary>Makes a call.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="call">What it does.</param>
    public async Task RunAsync(string function, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e)
        {
            Log.FunctionFailed(logger, e, function);
            throw;
        }
    }
}
