namespace Clv.Functions.Tests.Faults;

/// <summary>A rule of the night removed from the product's source, to see that the suite notices.</summary>
/// <param name="Name">The rule, and what is done instead.</param>
/// <param name="File">The file, below src/Clv.Functions.</param>
/// <param name="Original">Text that occurs in it exactly once.</param>
/// <param name="Replacement">What stands there instead.</param>
/// <param name="Exposed">Whether a fault is of the kind that the rule is there for; null when the rule is needed in any night.</param>
internal sealed record Mutant(string Name, string File, string Original, string Replacement, Func<Fault, bool>? Exposed)
{
    /// <summary>The mutants.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "A unit's marker and its phase's counter are written one after the other",
            "Night/RunUnits.cs",
            "var submission = await SubmitOnceAsync(actions, cancellationToken);",
            "var submission = await SubmitOnceAsync(actions[..1], cancellationToken);\n            submission = submission == Submission.Moved ? submission : await SubmitOnceAsync(actions[1..], cancellationToken);",
            static fault => fault is { Kind: FaultKind.KillAfter, Target: FaultTarget.Marker, Place: > 0.1 and < 0.8 }),
        new(
            "A phase's counter is written whatever it has become",
            "Night/RunUnits.cs",
            "new(TableTransactionActionType.UpdateMerge, counted, counter.ETag),",
            "new(TableTransactionActionType.UpdateMerge, counted, ETag.All),",
            static fault => fault is { Kind: FaultKind.Slow, Target: FaultTarget.Marker, Value: > 400, Place: > 0.05 and < 0.8 }),
        new(
            "A phase's barrier is passed when its first unit is done",
            "Night/RunUnits.cs",
            "var last = done == counter.GetInt32(\"Units\");",
            "var last = done == 1;",
            static fault => fault is { Kind: FaultKind.Late, Target: FaultTarget.WorkMessage, Place: > 0.1 and < 0.8 }),
        new(
            "A unit removes what it was made from before it is marked as done",
            "Night/FitWork.cs",
            "return NightJson.Write(file.Brief());",
            "await blobs.RemoveAsync(Names.Work, $\"{run.Id}/ages/\", cancellationToken);\n        return NightJson.Write(file.Brief());",
            static fault => fault is { Kind: FaultKind.KillBefore or FaultKind.KillAfter, Target: FaultTarget.Removal, Place: < 0.1 }),
        new(
            "That the next phase is queued is recorded before it is",
            "Night/UnitRunner.cs",
            "        if (phase == Phase.Announce)\n        {\n            await blobs.RemoveAsync",
            "        await runs.Units.NextQueuedAsync(run, phase, cancellationToken);\n        if (phase == Phase.Announce)\n        {\n            await blobs.RemoveAsync",
            static fault => fault is { Kind: FaultKind.KillBefore, Target: FaultTarget.WorkMessage, Place: > 0.1 and < 0.9 }),
        new(
            "A message of a unit that is done already does not look at the barrier",
            "Night/UnitRunner.cs",
            "                await PassBarrierAsync(run.Id, message.Phase, last: false, cancellationToken);\n                return \"again\";",
            "                return \"again\";",
            static fault => fault is { Kind: FaultKind.KillBefore, Target: FaultTarget.WorkMessage, Place: > 0.1 and < 0.9 }),
        new(
            "A score is only ever added",
            "Night/ScoreWork.cs",
            "TableTransactionActionType.UpsertReplace,",
            "TableTransactionActionType.Add,",
            static fault => fault is { Kind: FaultKind.DropAfter or FaultKind.ErrorAfter or FaultKind.KillAfter, Target: FaultTarget.ScoreRows }),
        new(
            "An event is told as soon as it is noticed",
            "Night/ScoreWork.cs",
            "        writer.Complete();\n",
            "        writer.Complete();\n        var told = storage.Queues.GetQueueClient(Names.EventQueue);\n"
                + "        await told.CreateIfNotExistsAsync(cancellationToken: cancellationToken);\n"
                + "        foreach (var message in events)\n        {\n            await told.SendMessageAsync(NightJson.Write(message), cancellationToken);\n        }\n\n",
            Exposed: null),
    ];

    /// <summary>The seeds of some kind of night whose plans have such a fault and little else, in their order.</summary>
    public IEnumerable<long> Seeds(FaultWorldKind world)
    {
        for (var seed = 1L; ; seed++)
        {
            var plan = FaultPlan.Of(seed);
            if (plan.World == world && !plan.MayBeRefused && plan.Faults.Count <= 2 && (Exposed is null || plan.Faults.Any(Exposed)))
            {
                yield return seed;
            }
        }
    }
}
