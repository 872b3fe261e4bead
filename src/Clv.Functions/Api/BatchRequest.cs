using System.ComponentModel.DataAnnotations;
using Clv.Core;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Functions.Access;
using Clv.Functions.Audit;
using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>Customers whom somebody asks for together.</summary>
/// <param name="Ids">Their ids, 1 to 100.</param>
internal sealed record BatchRequest([property: MinLength(1), MaxLength(BatchRequest.MostIds)] IReadOnlyList<string?>? Ids = null)
{
    /// <summary>The most customers of one request.</summary>
    public const int MostIds = 100;

    /// <summary>Answers the question.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (Ids is not { Count: > 0 and <= MostIds })
        {
            return Problems.Malformed($"Give \"ids\", a list of 1 to {MostIds} customer ids.");
        }

        var normalIds = new List<ReadOnlyMemory<byte>>(Ids.Count);
        foreach (var id in Ids)
        {
            if (!CustomerId.TryNormalise(id ?? "", out var normal, out var reason))
            {
                return Problems.Malformed($"The customer id at ids[{normalIds.Count}] cannot be used: {reason.Describe()}.");
            }

            normalIds.Add(normal);
        }

        var services = context.RequestServices;
        var secret = services.GetRequiredService<ClvOptions>().HashKey;
        var result = await services.GetRequiredService<LookupAudit>().AnswerAsync(
            context.GetCaller(),
            LookupAudit.Lookup,
            [.. normalIds.Select(id => CustomerKey.Of(id.Span, secret.Span)).Distinct()],
            () => services.GetRequiredService<CustomerLookup>().FindAllAsync(normalIds, RequestLanguage.Of(context), context.RequestAborted),
            static (answer, key) => answer.Customers.Any(customer => customer.Key == key.ToString()) ? LookupAudit.Found : LookupAudit.Unknown);
        return result.Run is null ? Problems.NothingPublished() : Results.Ok(result);
    }
}
