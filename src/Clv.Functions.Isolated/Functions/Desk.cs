using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Clv.Functions.Isolated.Functions;

/// <summary>The pages, which hold no data.</summary>
internal sealed class Desk(AppPipeline app)
{
    /// <summary>Answers everything else, to anybody.</summary>
    [Function(nameof(Desk))]
    public async Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{page:regex(^\w+\.\w+$)?}")] HttpRequest request)
    {
        // A path that turned into one of the API on its way here came past the host's key.
        if (request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return new NotFoundResult();
        }

        await app.AnswerAsync(request.HttpContext);
        return new EmptyResult();
    }
}
