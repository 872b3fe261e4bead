using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Clv.Functions.Isolated.Functions;

/// <summary>The lookup and operations API.</summary>
internal sealed class Api(AppPipeline app)
{
    /// <summary>Answers everything below /api; the host has asked for its key.</summary>
    [Function(nameof(Api))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "post", "delete", Route = "api/{*path}")] HttpRequest request)
    {
        await app.AnswerAsync(request.HttpContext);
        return new EmptyResult();
    }
}
