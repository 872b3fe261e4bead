using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Faults;

/// <summary>Stands in the storage proxy for one night: counts what the app asks for, and makes the plan's faults happen where they are due.</summary>
internal sealed partial class FaultInjector(FaultRig rig, FaultPlan plan, IReadOnlyDictionary<FaultTarget, int> counts, string run)
{
    private readonly ConcurrentDictionary<FaultTarget, int> _seen = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentQueue<Fault> _fired = new();
    private readonly ConcurrentQueue<Task<StartedRun?>> _starts = new();
    private int _underWay;
    private volatile bool _givenUp;
    private volatile bool _published;
    private volatile bool _over;

    /// <summary>How many requests of each kind there were.</summary>
    public IReadOnlyDictionary<FaultTarget, int> Seen => _seen;

    /// <summary>The faults that happened.</summary>
    public IReadOnlyCollection<Fault> Fired => _fired;

    /// <summary>What was wrong at the moment of a request.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>What starts during the night were answered; null for one that got no answer.</summary>
    public async Task<IReadOnlyList<StartedRun?>> StartsAsync() => await Task.WhenAll(_starts);

    /// <summary>Whether a request of the app is on its way.</summary>
    public bool IsBusy => Volatile.Read(ref _underWay) > 0;

    /// <summary>Lets everything pass from now on.</summary>
    public void End() => _over = true;

    /// <summary>For <see cref="StorageProxy.Around"/>.</summary>
    public async Task<StorageAnswer?> HandleAsync(StorageRequest request, Func<Task<StorageAnswer>> pass)
    {
        var targets = _over ? [] : FaultTargets.Of(request).ToList();
        var storm = _over || FaultTargets.IsOfHost(request) ? null : plan.Faults.FirstOrDefault(static fault => fault.Kind == FaultKind.Storm);
        if (targets.Count == 0 && storm is null)
        {
            return await pass();
        }

        Interlocked.Increment(ref _underWay);
        try
        {
            var due = targets.SelectMany(Due).ToList();
            if (storm is not null)
            {
                due.AddRange(InStorm(request, storm));
            }

            return await HandleAsync(request, targets, due, pass);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private IEnumerable<Fault> Due(FaultTarget target)
    {
        var number = _seen.AddOrUpdate(target, 1, static (_, seen) => seen + 1);
        return plan.Faults.Where(fault => fault.Target == target && fault.Kind switch
        {
            FaultKind.Storm => false,
            FaultKind.Poison => !_givenUp,
            FaultKind.Refuse => number - fault.Ordinal(counts.GetValueOrDefault(target)) is var after && after >= 0 && after < fault.Value,
            _ => number == fault.Ordinal(counts.GetValueOrDefault(target)),
        });
    }

    // By what is asked for and how often it was: the same requests fail whatever order they come in.
    private IEnumerable<Fault> InStorm(StorageRequest request, Fault storm)
    {
        var path = request.Target.Split('?')[0];
        var number = _asked.AddOrUpdate($"{request.Method} {path}", 1, static (_, seen) => seen + 1);
        var random = new Clv.Core.Models.SeededRandom((ulong)plan.Seed, StableHash($"{request.Method} {path} {number}"));
        if (random.NextInt(100) >= storm.Value)
        {
            return [];
        }

        int[] statuses = [500, 503, 429];
        FaultKind[] kinds = [FaultKind.Error, FaultKind.Error, FaultKind.ErrorAfter, FaultKind.DropBefore, FaultKind.DropAfter];
        return [storm with { Kind = kinds[random.NextInt(kinds.Length)], Value = statuses[random.NextInt(statuses.Length)] }];
    }

    private async Task<StorageAnswer?> HandleAsync(
        StorageRequest request, IReadOnlyList<FaultTarget> targets, IReadOnlyList<Fault> due, Func<Task<StorageAnswer>> pass)
    {
        foreach (var fault in due)
        {
            _fired.Enqueue(fault);
            switch (fault.Kind)
            {
                case FaultKind.KillBefore:
                    await KillAsync(request);
                    return null;
                case FaultKind.DropBefore:
                    return null;
                case FaultKind.Error:
                    return Refusal(fault.Value);
                case FaultKind.Refuse or FaultKind.Poison:
                    return Refusal(403);
                case FaultKind.Slow:
                    await Task.Delay(fault.Value);
                    break;
                case FaultKind.Raced:
                    await TouchAsync(request);
                    break;
                case FaultKind.StartAgain:
                    await StartAgainAsync();
                    break;
                case FaultKind.ClockJump:
                    if (ProcessSockets.OwnerOf(request.ClientPort, rig.Night.Host.WorkerProcessIds) is { } process)
                    {
                        rig.SetClock(process.ToString(CultureInfo.InvariantCulture), fault.Value);
                    }

                    break;
                case FaultKind.Twice:
                    await SendAsync(request, fault.Value);
                    break;
            }
        }

        if (due.FirstOrDefault(static fault => fault.Kind == FaultKind.Late) is { } late)
        {
            return await SendAsync(request, late.Value);
        }

        await CheckAsync(request, targets);
        var answer = await pass();
        Note(request, targets, answer);
        foreach (var fault in due)
        {
            switch (fault.Kind)
            {
                case FaultKind.KillAfter:
                    await KillAsync(request);
                    return null;
                case FaultKind.DropAfter:
                    return null;
                case FaultKind.ErrorAfter:
                    return Refusal(fault.Value);
            }
        }

        return answer;
    }

    // What must hold at the moment itself, and cannot be seen afterwards.
    private async Task CheckAsync(StorageRequest request, IReadOnlyList<FaultTarget> targets)
    {
        if (targets.Contains(FaultTarget.Pointer) && rig.Expected is { } expected && (request.Target + request.Body).Contains(run, StringComparison.Ordinal))
        {
            var table = Names.Scores(run);
            var rows = expected.Entries.Where(entry => entry.Key.StartsWith(table + "/", StringComparison.Ordinal)).ToDictionary();
            foreach (var difference in StorageState.Differences(rows, await StorageState.TableAsync(rig.Night, table)))
            {
                _violations.Enqueue($"When lookups were pointed to {run}: {difference}");
            }
        }

        if (targets.Contains(FaultTarget.EventMessage) && !_published)
        {
            _violations.Enqueue($"An event was told before {run} was published");
        }
    }

    private void Note(StorageRequest request, IReadOnlyList<FaultTarget> targets, StorageAnswer answer)
    {
        if (answer.Status is < 200 or > 299)
        {
            return;
        }

        if (targets.Contains(FaultTarget.Pointer) && request.Body.Contains($"\"{run}\"", StringComparison.Ordinal))
        {
            _published = true;
        }

        if (targets.Contains(FaultTarget.RunRecord) && request.Body.Contains($"\"{nameof(RunState.Failed)}\"", StringComparison.Ordinal))
        {
            _givenUp = true;
        }
    }

    private async Task KillAsync(StorageRequest request)
    {
        if (ProcessSockets.OwnerOf(request.ClientPort, rig.Night.Host.WorkerProcessIds) is not { } id)
        {
            return;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            await process.WaitForExitAsync();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Another fault of the same moment has killed it.
        }
    }

    // A write without any change: the row's version is another one from then on.
    private async Task TouchAsync(StorageRequest request)
    {
        var row = Row().Matches(Uri.UnescapeDataString(request.Target) + "\n" + Uri.UnescapeDataString(request.Body))
            .FirstOrDefault(match => !match.Groups["row"].Value.StartsWith("unit-", StringComparison.Ordinal));
        if (row is null)
        {
            return;
        }

        try
        {
            await rig.Night.Tables.GetTableClient(Names.Runs).UpdateEntityAsync(
                new TableEntity(row.Groups["partition"].Value, row.Groups["row"].Value), ETag.All, TableUpdateMode.Merge);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // It is only about to be written.
        }
    }

    private async Task StartAgainAsync()
    {
        var byTimer = rig.Night.Host.TriggerTimerAsync("StartNight");
        var byHand = ByHandAsync();
        _starts.Enqueue(byHand);
        // The request waits, so that the night cannot end in between; no longer than a process that was killed takes to come back.
        await Task.WhenAny(Task.WhenAll(byTimer, byHand), Task.Delay(TimeSpan.FromSeconds(10)));

        async Task<StartedRun?> ByHandAsync()
        {
            try
            {
                using var answer = await rig.Night.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
                return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<StartedRun>() : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }

    // The app's own request is signed with its visibility, so the rig sends a message of its own, and answers as storage would.
    private async Task<StorageAnswer> SendAsync(StorageRequest request, int seconds)
    {
        var text = MessageText().Match(request.Body).Groups["text"].Value;
        SendReceipt receipt = await new QueueClient(rig.Night.Storage, Names.WorkQueue).SendMessageAsync(
            text, visibilityTimeout: TimeSpan.FromSeconds(seconds), timeToLive: TimeSpan.FromSeconds(-1));
        var body = $"<?xml version=\"1.0\" encoding=\"utf-8\"?><QueueMessagesList><QueueMessage><MessageId>{receipt.MessageId}</MessageId>"
            + $"<InsertionTime>{receipt.InsertionTime:R}</InsertionTime><ExpirationTime>{receipt.ExpirationTime:R}</ExpirationTime>"
            + $"<PopReceipt>{SecurityElement.Escape(receipt.PopReceipt)}</PopReceipt><TimeNextVisible>{receipt.TimeNextVisible:R}</TimeNextVisible>"
            + "</QueueMessage></QueueMessagesList>";
        return new StorageAnswer(201)
        {
            Headers = new Dictionary<string, string[]> { ["Content-Type"] = ["application/xml"] },
            Content = Encoding.UTF8.GetBytes(body),
        };
    }

    private static StorageAnswer Refusal(int status) => new(status)
    {
        Headers = status == 429 ? new Dictionary<string, string[]> { ["Retry-After"] = ["1"] } : new Dictionary<string, string[]>(),
    };

    private static ulong StableHash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return hash;
    }

    [GeneratedRegex(@"clvruns\(PartitionKey='(?<partition>[^']*)',RowKey='(?<row>[^']*)'\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("<MessageText>(?<text>[^<]*)</MessageText>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MessageText();
}
