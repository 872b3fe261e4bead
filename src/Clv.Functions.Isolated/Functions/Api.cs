using Clv.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Clv.Functions.Isolated.Functions;

/// <summary>The lookup and operations API.</summary>
internal sealed class Api(AppPipeline app)
{
    /// <summary>Answers everything below /api; the host has asked for its key, unless the package says otherwise.</summary>
    [Function(nameof(Api))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(HostKey.IsAskedFor ? AuthorizationLevel.Function : AuthorizationLevel.Anonymous, "get", "post", "delete", Route = "api/{*path}")] HttpRequest request)
    {
        await app.AnswerAsync(request.HttpContext);
        return new EmptyResult();
    }
}
