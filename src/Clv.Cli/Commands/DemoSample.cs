using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Clv.Cli.Local;
using Clv.Core.Relationship;
using Clv.Functions.Lookup;

namespace Clv.Cli.Commands;

/// <summary>A few of the simulated people, so that every phase and every action is seen once.</summary>
internal static class DemoSample
{
    private const int MostAsked = 3000;

    private static readonly List<string> Phases = [.. Enum.GetValues<RelationshipPhase>().Select(Codes.Of)];
    private static readonly List<string> Actions = [.. Enum.GetValues<ActionKind>().Select(Codes.Of)];

    /// <summary>Looks people up until there is somebody with a next action in each phase, and somebody for each action.</summary>
    /// <param name="api">The API.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <returns>The people, by phase and action.</returns>
    public static async Task<IReadOnlyList<(string Id, CustomerAnswer Score)>> TakeAsync(HttpClient api, CancellationToken cancellationToken)
    {
        var taken = new List<(string Id, CustomerAnswer Score)>();
        var (phases, actions) = (Phases.ToHashSet(StringComparer.Ordinal), Actions.ToHashSet(StringComparer.Ordinal));
        for (var id = 1; id <= MostAsked && phases.Count + actions.Count > 0; id++)
        {
            using var response = await api.GetAsync($"api/customers?id={id}", cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                // The simulated ids have no gaps.
                break;
            }

            response.EnsureSuccessStatusCode();
            var score = (await response.Content.ReadFromJsonAsync<Answer>(ApiJson.Options, cancellationToken) ?? throw new JsonException("A lookup is empty.")).Customer;
            if (score.Action is { } action && (phases.Remove(score.Phase.Code) | actions.Remove(action.Code)))
            {
                taken.Add(($"{id}", score));
            }
        }

        return [.. taken.OrderBy(static t => Phases.IndexOf(t.Score.Phase.Code)).ThenBy(static t => Actions.IndexOf(t.Score.Action!.Code))];
    }

    private sealed record Answer(ServedRun Run, CustomerAnswer Customer);
}
