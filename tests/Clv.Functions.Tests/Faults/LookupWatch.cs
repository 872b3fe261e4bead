using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Clv.Functions.Tests.Faults;

/// <summary>
/// Looks customers up again and again while a night runs. An answer may fail when storage does; but whoever is answered gets what the run from before the
/// night says or, once the night has been published, what it says: whole, and never back.
/// </summary>
/// <param name="api">Where lookups are asked.</param>
/// <param name="before">What each customer is answered before the night; null while nothing is published.</param>
/// <param name="after">What they are answered after it.</param>
internal sealed class LookupWatch(HttpClient api, IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string> after)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentQueue<string> _violations = new();

    /// <summary>What was answered wrongly.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>How many answers were looked at.</summary>
    public int Answers { get; private set; }

    /// <summary>Looks until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var moved = false;
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var id = after.Keys.ElementAt(i % after.Count);
                if (await FindAsync(api, id, stop) is { } answer)
                {
                    Answers++;
                    var old = before is null ? "" : before[id];
                    if (answer == after[id])
                    {
                        moved = true;
                    }
                    else if (answer != old)
                    {
                        _violations.Enqueue($"During the night customer {id} was answered {(answer.Length > 300 ? answer[..300] : answer)}, as neither run says");
                    }
                    else if (moved)
                    {
                        _violations.Enqueue($"Customer {id} was answered from the earlier run after the night's had been served");
                    }
                }

                await Task.Delay(Pause, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it stops.
        }
    }

    /// <summary>
    /// A customer's answer: the run, and all that is said of the customer; empty when nothing is published yet, and null when there was no answer.
    /// </summary>
    public static async Task<string?> FindAsync(HttpClient api, string id, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await api.GetAsync($"api/customers/{id}", cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    using (var json = JsonDocument.Parse(text))
                    {
                        var run = json.RootElement.GetProperty("run");
                        return $"{run.GetProperty("id")} {run.GetProperty("date")} {json.RootElement.GetProperty("customer").GetRawText()}";
                    }

                case HttpStatusCode.NotFound:
                    return text.Contains("Nothing is published yet", StringComparison.Ordinal) ? "" : text;
                default:
                    return null;
            }
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The answers of some customers, each asked until there is one.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> AnswersAsync(HttpClient api, IEnumerable<string> ids)
    {
        var answers = new Dictionary<string, string>();
        foreach (var id in ids)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            string? answer;
            while ((answer = await FindAsync(api, id, limit.Token)) is null)
            {
                await Task.Delay(Pause, limit.Token);
            }

            answers[id] = answer;
        }

        return answers;
    }
}
