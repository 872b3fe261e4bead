using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Clv.Functions.Isolated;

/// <summary>Logs a call that fails as the custom handler does, with the event that an alarm waits for; the host is told of it as ever.</summary>
internal sealed class FailureLog(ILogger<FailureLog> logger) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            Log.FunctionFailed(logger, e, context.FunctionDefinition.Name);
            throw;
        }
    }
}
