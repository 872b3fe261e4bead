using Clv.Core.Relationship;

namespace Clv.Core.Portfolio;

/// <summary>The changes of a request, checked, by segment.</summary>
internal sealed class ScenarioLevers
{
    private const int MostChanges = 100;
    private const double Least = -90;
    private const double Most = 100;

    private readonly Dictionary<(ScenarioLever Lever, string? Segment), double> _percents = [];

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isSegment">Whether there is a segment of that name.</param>
    /// <exception cref="ScenarioRefusedException">A field is missing or wrong.</exception>
    public static ScenarioLevers Of(ScenarioRequest request, Func<string, bool> isSegment)
    {
        if (request.Changes is not { Count: > 0 and <= MostChanges } changes)
        {
            throw new ScenarioRefusedException("changes", $"There must be 1 to {MostChanges} changes.");
        }

        var levers = new ScenarioLevers();
        for (var i = 0; i < changes.Count; i++)
        {
            levers.Add(changes[i], $"changes[{i}]", isSegment);
        }

        return levers;
    }

    /// <summary>The change of a lever in a segment in percent; null is what is beyond the segments kept apart.</summary>
    public double Percent(ScenarioLever lever, string? segment) =>
        segment is not null && _percents.TryGetValue((lever, segment), out var own) ? own : _percents.GetValueOrDefault((lever, null));

    /// <summary>What the lever is multiplied by.</summary>
    public double Factor(ScenarioLever lever, string? segment) => 1 + (Percent(lever, segment) / 100);

    private void Add(ScenarioChange? change, string path, Func<string, bool> isSegment)
    {
        if (change is null)
        {
            throw new ScenarioRefusedException(path, "A change must not be null.");
        }

        if (!Enum.IsDefined(change.Lever))
        {
            var levers = string.Join(", ", Enum.GetValues<ScenarioLever>().Select(Codes.Of));
            throw new ScenarioRefusedException($"{path}.lever", $"There is no such lever; use one of {levers}.");
        }

        if (!(change.Percent is >= Least and <= Most))
        {
            throw new ScenarioRefusedException($"{path}.percent", $"A change must be from {Least} to {Most} percent.");
        }

        if (change.Segment is { } segment && !isSegment(segment))
        {
            throw new ScenarioRefusedException($"{path}.segment", "There is no such segment in the report; leave it out for all of them.");
        }

        if (!_percents.TryAdd((change.Lever, change.Segment), change.Percent))
        {
            throw new ScenarioRefusedException($"{path}.lever", "This lever is already changed for the same segment; keep one of both.");
        }
    }
}
