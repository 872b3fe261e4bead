using Clv.Functions.Triggers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Clv.Functions.Isolated;

/// <summary>Has a call that fails logged as the custom handler's are; the host is told of it as ever.</summary>
internal sealed class FailureLog(CallLog calls) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => calls.RunAsync(context.FunctionDefinition.Name, () => next(context));
}
