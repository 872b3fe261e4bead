using System.Text.Json;
using Clv.Cli.Local;
using Clv.Cli.Simulation;
using Clv.Core;
using Clv.Core.Relationship;
using Clv.Functions.Lookup;

namespace Clv.Cli.Tests.Commands;

public sealed class DemoCommandTests
{
    private static readonly string[] AddsUp = ["new", "lost", "grown", "shrunk", "historic", "model"];

    [Fact]
    public async Task Demo_Once_ShowsEveryFeatureAndItsFiguresAgree()
    {
        using var folder = new TempFolder();

        var ended = await Clv.RunAsync(folder.Path, "--once", "--port", "0", "--workers", "2", "--until", "2026-11-20");

        Assert.True(ended.ExitCode == 0, ended.Error + ended.Output);
        var told = string.Join(' ', ended.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Published run r00001", told, StringComparison.Ordinal);
        Assert.Contains("Published run r00002", told, StringComparison.Ordinal);
        Assert.All(Enum.GetValues<RelationshipPhase>(), phase => Assert.Contains($"│ {Wording.Of("en").Phase(phase)} │", told, StringComparison.Ordinal));
        Assert.Contains("social ads under water", told, StringComparison.Ordinal);
        Assert.Contains("clv explain", told, StringComparison.Ordinal);
        Assert.Contains("A call from +49", told, StringComparison.Ordinal);
        Assert.Contains("clv lookup --phone +49", told, StringComparison.Ordinal);
        // The log is for the operator: nothing in it but the run.
        Assert.Contains("Publish 0 done", await File.ReadAllTextAsync(Path.Combine(folder.Path, ".clv", "host.log")), StringComparison.Ordinal);

        var portfolio = (await Clv.RunAsync(folder.Path, "portfolio", "--json")).Json().GetProperty("portfolio");
        Assert.Equal(["social ads"], portfolio.GetProperty("acquisition").GetProperty("underWater").EnumerateArray().Select(static c => c.GetString()));
        Assert.All((string[])["future", "lifetime"], part => MovementAddsUp(portfolio.GetProperty("movement").GetProperty(part)));

        await using var services = await LocalServices.StartAsync(new DirectoryInfo(Path.Combine(folder.Path, ".clv")), CancellationToken.None);
        var people = await LookUpAsync(services.Get<CustomerLookup>());
        Assert.Equal(Names<RelationshipPhase>(), Distinct(people.Select(static p => p.Score.Phase.Code)));
        Assert.Equal(Names<ValueTier>(), Distinct(people.Select(static p => p.Score.Tier?.Code)));
        Assert.Equal(Names<ActionKind>(), Distinct(people.Select(static p => p.Score.Action?.Code)));
        Assert.Contains(people, static p => p.Score.Behaviour is { Effects.Count: > 0 });
        Assert.Contains(people, static p => p.Score.Contracts.Any(static c => c.RenewalProbability is not null));
        Assert.Contains(people, static p => p.Score.Change is { Causes.Count: > 0 });
        // Who is no customer has no tier, and what they cost stands apart.
        var (total, customers) = (portfolio.GetProperty("total"), people.Where(static p => p.Score.Tier is not null).ToList());
        Assert.Equal(total.GetProperty("customers").GetInt32(), customers.Count);
        Assert.Equal(total.GetProperty("future").GetDecimal(), customers.Sum(static p => p.Score.Value!.Future));
        Assert.Equal(total.GetProperty("lifetime").GetDecimal(), customers.Sum(static p => p.Score.Value!.Lifetime));
        Assert.Equal(total.GetProperty("prospectsExpected").GetDecimal(), people.Sum(static p => p.Score.Prospect?.Expected ?? 0));

        foreach (var (id, score) in OneOfEachKind(people))
        {
            var explained = await services.Get<CustomerExplainer>().ExplainAsync(Normal(id), CancellationToken.None);
            Assert.Equal(score.Prospect, explained.Prospect);
            var results = explained.Explanation?.Steps.ToDictionary(static s => s.Symbol, static s => (decimal?)s.Result, StringComparer.Ordinal) ?? [];
            Assert.Equal(
                (score.Value?.Historic, score.Value?.Future, score.Value?.Lifetime, score.Costs?.Total),
                (results.GetValueOrDefault("historic"), results.GetValueOrDefault("future"), results.GetValueOrDefault("lifetime"), results.GetValueOrDefault("costs")));
        }

        var (known, _) = people.First(static p => p.Score.Contracts.Count > 0);
        var steps = (await Clv.RunAsync(folder.Path, "explain", known, "--json")).Json();
        var looked = (await Clv.RunAsync(folder.Path, "lookup", known, "--json")).Json().GetProperty("customer").GetProperty("value");
        Assert.All((string[])["historic", "future", "lifetime"], symbol => Assert.Equal(looked.GetProperty(symbol).GetDecimal(), Result(steps, symbol)));

        await CallersAreFoundAsync(folder.Path, people);
        Assert.Equal(0, await DifferenceAsync(folder.Path, "0"));
        Assert.True(await DifferenceAsync(folder.Path, "5") > 0);
    }

    // The first who lives with somebody, as their numbers and addresses say.
    private static async Task CallersAreFoundAsync(string folder, List<(string Id, CustomerAnswer Score)> people)
    {
        var phone = ExtractFormat.German.Phone(PhoneBook.Phones(8)!.Numbers[0]);
        var found = (await Clv.RunAsync(folder, "lookup", "--phone", phone, "--json")).Json().GetProperty("customers").EnumerateArray().Select(static c => c.GetProperty("key").GetString());
        Assert.Superset(new HashSet<string?> { people[6].Score.Key, people[7].Score.Key }, found.ToHashSet());
        var table = await Clv.RunAsync(folder, "lookup", "--phone", phone);
        Assert.Contains(people[7].Score.Key[..8], table.Output, StringComparison.Ordinal);
        var one = await Clv.RunAsync(folder, "lookup", "--email", PhoneBook.Email(7)!.ToUpperInvariant());
        Assert.Contains($"Customer {people[6].Score.Key[..8]}", one.Output, StringComparison.Ordinal);

        var unknown = await Clv.RunAsync(folder, "lookup", "--email", "nobody@example.com");
        Assert.Equal(1, unknown.ExitCode);
        Assert.EndsWith("has no customer with this e-mail address.", unknown.Error.Trim(), StringComparison.Ordinal);
        foreach (var wrong in (string[][])[["lookup", "--phone", "no number"], ["lookup"], ["lookup", "7", "--phone", phone]])
        {
            var refused = await Clv.RunAsync(folder, wrong);
            Assert.NotEqual(0, refused.ExitCode);
            Assert.DoesNotContain("no number", refused.Error, StringComparison.Ordinal);
        }
    }

    private static void MovementAddsUp(JsonElement movement) => Assert.Equal(
        movement.GetProperty("closing").GetDecimal(),
        movement.GetProperty("opening").GetDecimal() + AddsUp.Sum(part => movement.GetProperty(part).GetDecimal()));

    private static async Task<decimal> DifferenceAsync(string folder, string price) =>
        (await Clv.RunAsync(folder, "scenario", "--price", price, "--json")).Json().GetProperty("difference").GetProperty("value").GetDecimal();

    // All the simulated people; their ids have no gaps.
    private static async Task<List<(string Id, CustomerAnswer Score)>> LookUpAsync(CustomerLookup lookup)
    {
        var people = new List<(string, CustomerAnswer)>();
        while (true)
        {
            var id = $"{people.Count + 1}";
            if ((await lookup.FindAsync(Normal(id), "en", CancellationToken.None)).Score is not { } score)
            {
                return people;
            }

            people.Add((id, score));
        }
    }

    private static byte[] Normal(string id)
    {
        Assert.True(CustomerId.TryNormalise(id, out var normal, out _));
        return normal;
    }

    private static IEnumerable<(string Id, CustomerAnswer Score)> OneOfEachKind(List<(string Id, CustomerAnswer Score)> people) => people
        .DistinctBy(static p => p.Score.Phase.Code)
        .Append(people.First(static p => p.Score.Contracts.Count > 1))
        .Append(people.First(static p => p.Score is { Purchases: null, Prospect: null }));

    private static decimal Result(JsonElement explained, string symbol) =>
        explained.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("symbol").GetString() == symbol).GetProperty("result").GetDecimal();

    private static IEnumerable<string> Names<TEnum>()
        where TEnum : struct, Enum => Distinct(Enum.GetValues<TEnum>().Select(static v => (string?)Core.Relationship.Codes.Of(v)));

    private static List<string> Distinct(IEnumerable<string?> codes) => [.. codes.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
}
