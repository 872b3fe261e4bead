using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;
using Microsoft.Extensions.Logging;

namespace Clv.Functions.Tests.Night;

/// <summary>What docs/operations.md tells to do when something has happened works when exactly that has happened.</summary>
public sealed partial class OperationsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "operations.md"));

    [Fact]
    public void Alarms_OfTheLog_AreThoseOfThePage()
    {
        var alarms = typeof(App).Assembly.GetType("Clv.Functions.Log")!.GetMethods()
            .SelectMany(static method => method.GetCustomAttributes(inherit: false).OfType<LoggerMessageAttribute>())
            .Where(static message => message.Level >= LogLevel.Warning)
            .Select(static message => (message.EventId, message.Level.ToString().ToLowerInvariant()))
            .Order();

        Assert.Equal(
            alarms,
            AlarmRow().Matches(Page)
                .Select(static row => (int.Parse(row.Groups["id"].Value, CultureInfo.InvariantCulture), row.Groups["level"].Value))
                .Order());
    }

    [Fact]
    public async Task Recoveries_InTheOrderOfThePage_Recover()
    {
        Assert.SkipWhen(!File.Exists("/usr/bin/curl"), "There is no curl, which the commands of the page need.");
        await using var rig = await NightRig.StartAsync();
        var operations = new Operations(rig);
        var tried = new List<string>();
        foreach (var (section, recovery) in operations.Recoveries)
        {
            tried.Add(section);
            await recovery(Section().Matches(Page).Single(found => found.Groups["title"].Value == section).Groups["commands"].Value);
        }

        Assert.Equal(Section().Matches(Page).Select(static found => found.Groups["title"].Value), tried);
    }

    /// <summary>One firm's nights, on which one thing after the other goes wrong.</summary>
    private sealed class Operations(NightRig rig)
    {
        private static readonly string Preamble = Preparation().Match(Page).Groups["commands"].Value;

        private readonly DateOnly _first = NightRig.Tonight;
        private readonly string _whole = Customers.Transactions(300);

        private string _earlier = "";

        public IReadOnlyList<(string Section, Func<string, Task> Recovery)> Recoveries =>
        [
            ("The extract is missing", MissingAsync),
            ("The delivery is broken", BrokenAsync),
            ("A night is held", HeldAsync),
            ("A wrong night was published", WrongAsync),
            ("A run is stuck", StuckAsync),
            ("The queue was emptied", EmptiedAsync),
            ("A night was missed", MissedAsync),
            ("The scores of the served night are gone", GoneAsync),
            ("Events were not told", UntoldAsync),
            ("Partitions are to be changed", PartitionsAsync),
            ("Somebody asks to be erased", EraseAsync),
            ("An erasure did not finish", UnfinishedAsync),
            ("Somebody asks what is stored", RecordAsync),
            ("Somebody asks who looked", AuditAsync),
        ];

        private async Task MissingAsync(string commands)
        {
            Assert.Contains("There is no extract for", (await rig.RunAsync(_first)).Reason, StringComparison.Ordinal);
            await DeliverAsync(_first, _whole);

            await BashAsync(commands, ("DATE", Iso(_first)));

            _earlier = await PublishedAsync("r00002");
        }

        private async Task BrokenAsync(string commands)
        {
            await DeliverAsync(_first.AddDays(1), "customer_id,amount\nC1,5\n");
            var failed = await rig.RunAsync(_first.AddDays(1));
            Assert.Equal(RunState.Failed, failed.State);

            Assert.Contains("transactions.csv", await BashAsync(commands, ("RUN", failed.Run)), StringComparison.Ordinal);
        }

        private async Task HeldAsync(string commands)
        {
            await DeliverAsync(_first.AddDays(1), Customers.Transactions(60));
            var held = await rig.RunAsync(_first.AddDays(1));
            Assert.Equal(RunState.Held, held.State);

            await BashAsync(commands, ("RUN", held.Run));

            await PublishedAsync(held.Run);
        }

        private async Task WrongAsync(string commands)
        {
            Assert.Equal(HttpStatusCode.NotFound, await LookupAsync("C300"));

            await BashAsync(commands, ("EARLIER", _earlier));

            Assert.Equal(HttpStatusCode.OK, await LookupAsync("C300"));
            await DeliverAsync(_first.AddDays(1), _whole);
            await PublishedAsync((await rig.RunAsync(_first.AddDays(1))).Run);
        }

        private async Task StuckAsync(string commands)
        {
            var (reached, replaced) = (new TaskCompletionSource(), new TaskCompletionSource());
            rig.Proxy.Before = async request =>
            {
                if (request.Has("PUT", "/clv-models/") && reached.TrySetResult())
                {
                    await replaced.Task;
                }

                return null;
            };
            await DeliverAsync(_first.AddDays(2), _whole);
            var stuck = await StartAsync(_first.AddDays(2));
            await reached.Task.WaitAsync(NightRig.Limit);

            await BashAsync(commands, ("DATE", Iso(_first.AddDays(2))));

            replaced.SetResult();
            await PublishedAsync(After(stuck));
            Assert.Equal(RunState.Failed, (await rig.EndOfAsync(stuck)).State);
        }

        private async Task EmptiedAsync(string commands)
        {
            var (queued, emptied) = (false, new TaskCompletionSource());
            rig.Proxy.Before = request =>
            {
                // Nobody fetches it before the queue is emptied.
                queued |= request.Queues(Phase.Rank);
                return Task.FromResult<int?>(queued && !emptied.Task.IsCompleted && request.Has("GET", "/clv-work/messages") ? 503 : null);
            };
            rig.Proxy.After = async request =>
            {
                if (request.Queues(Phase.Rank) && !emptied.Task.IsCompleted)
                {
                    await rig.Queue().ClearMessagesAsync();
                    emptied.TrySetResult();
                }

                return true;
            };
            await DeliverAsync(_first.AddDays(3), _whole);
            var stuck = await StartAsync(_first.AddDays(3));
            await emptied.Task.WaitAsync(NightRig.Limit);

            await BashAsync(commands, ("DATE", Iso(_first.AddDays(3))));

            await PublishedAsync(After(stuck));
        }

        private async Task MissedAsync(string commands)
        {
            await DeliverAsync(_first.AddDays(4), Delta(_first.AddDays(4)), "delta");
            await DeliverAsync(_first.AddDays(5), Delta(_first.AddDays(5)), "delta");
            var refused = await rig.RunAsync(_first.AddDays(5));
            Assert.Contains(Iso(_first.AddDays(4)), refused.Reason, StringComparison.Ordinal);

            await BashAsync(commands, ("MISSED", Iso(_first.AddDays(4))));

            await PublishedAsync(After(refused.Run));
            await PublishedAsync((await rig.RunAsync(_first.AddDays(5))).Run);
        }

        private async Task GoneAsync(string commands)
        {
            var served = await ServedAsync();
            await rig.Tables.DeleteTableAsync(Names.Scores(served));
            Assert.Equal(HttpStatusCode.InternalServerError, await LookupAsync("C1"));

            await BashAsync(commands, ("DATE", Iso(_first.AddDays(5))));

            await PublishedAsync(After(served));
            Assert.Equal(HttpStatusCode.OK, await LookupAsync("C1"));
        }

        private async Task UntoldAsync(string commands)
        {
            rig.Proxy.Before = static request => Task.FromResult<int?>(request.Has("PUT", "/events.csv") ? 403 : null);
            var untold = await StartAsync(_first.AddDays(5));
            await rig.UntilAsync(untold, static report => report.State == RunState.Published);
            // As when its message has come for the last time.
            using var app = new InProcess(rig);
            await app.Get<UnitRunner>().FailAsync(new WorkMessage(untold, Phase.Announce, 0), TestContext.Current.CancellationToken);
            Assert.Contains(app.Log.Lines, line => line.Event == 41 && line.Text.Contains(untold, StringComparison.Ordinal));
            Assert.Equal((RunState.Published, 1), ((await rig.EndOfAsync(untold)).State, (await rig.EndOfAsync(untold)).PartitionsUntold));
            rig.Proxy.Before = static _ => Task.FromResult<int?>(null);
            await rig.UntilWorkIsAsync(static _ => false);
            Assert.False(await EventsFile(untold).ExistsAsync());

            await BashAsync(commands, ("DATE", Iso(_first.AddDays(5))));

            await PublishedAsync(After(untold));
            Assert.True(await EventsFile(After(untold)).ExistsAsync());

            BlobClient EventsFile(string run) => rig.Blobs.GetBlobContainerClient(Names.Exports).GetBlobClient(Names.Events(run));
        }

        private async Task PartitionsAsync(string commands)
        {
            await rig.RestartAsync(NightRig.Partitions * 2);
            await DeliverAsync(_first.AddDays(6), _whole);

            await BashAsync(commands, ("DATE", Iso(_first.AddDays(6))));

            Assert.Equal(NightRig.Partitions * 2, (await rig.EndOfAsync(await NewestAsync())).Settings!.Partitions);
        }

        private async Task EraseAsync(string commands)
        {
            Assert.Equal(HttpStatusCode.OK, await LookupAsync("C7"));

            await BashAsync(commands, ("CUSTOMER", "C7"));

            Assert.Equal(HttpStatusCode.NotFound, await LookupAsync("C7"));
        }

        private async Task UnfinishedAsync(string commands)
        {
            rig.Proxy.Before = static request => Task.FromResult<int?>(request.Has("PUT", "/clv-history/") ? 403 : null);
            Assert.False((await rig.Api.DeleteAsync("api/customers/C8")).IsSuccessStatusCode);
            rig.Proxy.Before = static _ => Task.FromResult<int?>(null);

            Assert.Contains("\"state\":\"requested\"", await BashAsync(commands, ("CUSTOMER", "C8")), StringComparison.Ordinal);

            Assert.DoesNotContain("\"state\":\"requested\"", await rig.Api.GetStringAsync("api/erasures"), StringComparison.Ordinal);
        }

        private async Task RecordAsync(string commands)
        {
            var folder = Directory.CreateTempSubdirectory("clv-operations-");
            try
            {
                await BashAsync($"cd '{folder.FullName}'\n{commands}", ("CUSTOMER", "C9"));
                Assert.Contains("transactions", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "record.json")), StringComparison.Ordinal);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        private async Task AuditAsync(string commands) =>
            Assert.Contains(
                "\"action\":\"record\"",
                await BashAsync(commands, ("CUSTOMER", "C9"), ("DAY", $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}")),
                StringComparison.Ordinal);

        private Task DeliverAsync(DateOnly date, string transactions, string kind = "snapshot") =>
            rig.DeliverAsync(date, new Dictionary<string, string> { ["transactions.csv"] = transactions }, kind);

        private static string Delta(DateOnly date) => $"transaction_id,customer_id,date,amount\nT{Iso(date)},C1,{Iso(date)},40\n";

        private async Task<string> StartAsync(DateOnly date)
        {
            await BashAsync("api POST runs -d \"{\\\"date\\\": \\\"$DATE\\\"}\"", ("DATE", Iso(date)));
            return await NewestAsync();
        }

        private async Task<string> PublishedAsync(string run)
        {
            var report = await rig.EndOfAsync(run);
            Assert.True(report.State == RunState.Published, $"{run}: {report.State} {report.Reason}");
            return report.Run;
        }

        private async Task<HttpStatusCode> LookupAsync(string id)
        {
            using var answer = await rig.Api.GetAsync($"api/customers/{id}");
            return answer.StatusCode;
        }

        private async Task<string> NewestAsync() => RunName().Match(await rig.Api.GetStringAsync("api/runs")).Groups["run"].Value;

        private async Task<string> ServedAsync() => RunName().Match(await rig.Api.GetStringAsync("api/healthz")).Groups["run"].Value;

        private async Task<string> BashAsync(string commands, params IEnumerable<(string Name, string Value)> variables)
        {
            var start = new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-euo");
            start.ArgumentList.Add("pipefail");
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(Preamble + commands);
            start.Environment["CLV"] = rig.Host.BaseAddress.ToString().TrimEnd('/');
            start.Environment["KEY"] = "any: the rig's host asks for none";
            foreach (var (name, value) in variables)
            {
                start.Environment[name] = value;
            }

            using var bash = Process.Start(start)!;
            var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
            await bash.WaitForExitAsync();
            Assert.True(bash.ExitCode == 0, $"{commands}\n{await output}\n{await errors}");
            return await output;
        }

        private static string After(string run) => RunId.After(run);

        private static string Iso(DateOnly date) => $"{date:yyyy-MM-dd}";
    }

    [GeneratedRegex(@"^\| (?<id>\d+) \| (?<level>warning|error|critical) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AlarmRow();

    [GeneratedRegex("\\A.*?```sh\n(?<commands>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Preparation();

    [GeneratedRegex("^## (?<title>[^\n]+)\n(?:(?!^## ).)*?```sh\n(?<commands>.*?)```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Section();

    [GeneratedRegex("\"run\":\"(?<run>r[0-9]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunName();
}
