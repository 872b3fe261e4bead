using System.Globalization;
using Clv.Functions.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Clv.Functions.Description;

/// <summary>Completes what the routing knows of an operation by what is stated where it is mapped (<see cref="OperationTexts"/>).</summary>
internal static class DescribedOperation
{
    /// <summary>Completes an operation.</summary>
    public static Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var stated = context.Description.ActionDescriptor.EndpointMetadata;
        var rule = stated.OfType<AccessRule>().Last();
        var roles = stated.OfType<OperationRoles>().LastOrDefault()?.Roles ?? rule.Roles;
        operation.Security = SecuritySchemes.Needed(rule, roles, document);
        string[] told = [.. ((string?[])[operation.Description, rule.Anyone ? null : $"Needs the role {string.Join(" or ", roles.Names())}."]).OfType<string>().Where(static part => part.Length > 0)];
        operation.Description = told.Length == 0 ? null : string.Join("\n\n", told);
        operation.Parameters = Parameters(operation.Parameters ?? [], [.. stated.OfType<ParameterText>()]);
        if (operation.RequestBody is OpenApiRequestBody body && stated.OfType<BodyText>().LastOrDefault() is { } text)
        {
            (body.Description, body.Required) = (text.Meaning, text.Required);
            foreach (var content in body.Content?.Values ?? [])
            {
                content.Example = text.Example.DeepClone();
            }
        }

        Answer(operation, rule, [.. stated.OfType<AnswerText>()], document);
        return Task.CompletedTask;
    }

    private static List<IOpenApiParameter> Parameters(IList<IOpenApiParameter> known, IReadOnlyList<ParameterText> stated) =>
    [
        .. stated.Select(static text => new OpenApiParameter
        {
            Name = text.Name,
            In = text.In,
            Description = text.Meaning,
            Required = text.Required,
            Example = text.Example?.DeepClone(),
            Schema = text.Schema,
        }),
        .. known.Where(parameter => stated.All(text => text.Name != parameter.Name)),
    ];

    private static void Answer(OpenApiOperation operation, AccessRule rule, IReadOnlyList<AnswerText> stated, OpenApiDocument document)
    {
        var answers = operation.Responses ??= [];
        foreach (var text in stated)
        {
            var status = Key(text.Status);
            if (text.Status >= StatusCodes.Status400BadRequest)
            {
                answers[status] = CommonAnswers.Of(document, text.Meaning);
            }
            else if (answers[status] is OpenApiResponse answer)
            {
                answer.Description = text.Meaning;
                if (text.Status == StatusCodes.Status202Accepted)
                {
                    answer.Headers = new Dictionary<string, IOpenApiHeader>
                    {
                        ["Location"] = new OpenApiHeader { Description = "Where to see how it goes on.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                    };
                }

                foreach (var content in (text.Or is null ? null : answer.Content)?.Values ?? [])
                {
                    content.Schema = new OpenApiSchema { OneOf = [content.Schema!, new OpenApiSchemaReference(text.Or!, document)] };
                }
            }
        }

        var common = (rule.Anyone ? [] : CommonAnswers.OfRoles.Concat(CommonAnswers.OfStorage)).Concat(operation.RequestBody is null ? [] : CommonAnswers.OfBodies);
        foreach (var (status, name) in common)
        {
            answers.TryAdd(Key(status), new OpenApiResponseReference(name, document));
        }

        var sorted = answers.OrderBy(static answer => answer.Key, StringComparer.Ordinal).ToList();
        answers.Clear();
        foreach (var (status, answer) in sorted)
        {
            answers[status] = answer;
        }
    }

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
