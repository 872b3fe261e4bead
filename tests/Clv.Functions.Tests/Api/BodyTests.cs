using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Clv.Functions.Tests.Access;

namespace Clv.Functions.Tests.Api;

/// <summary>A body that cannot be read is refused with the member at fault, what belongs there, and nothing of what was sent.</summary>
public sealed class BodyTests
{
    [Theory]
    [InlineData("runs", """{"date":"4711-secret"}""", "$.date must be a date such as \"2026-11-20\"")]
    [InlineData("runs", """{"date":4711}""", "$.date must be a date such as")]
    [InlineData("runs", """{"date":"2026-11-20","replace":"4711"}""", "$.replace must be true or false")]
    [InlineData("runs", """["4711"]""", "$ must be an object with \"date\", \"replace\"")]
    [InlineData("runs/r00001:publish", """{"reason":["4711"]}""", "$.reason must be a text in quotes")]
    [InlineData("customers:find", """{"phone":4711}""", "$.phone must be a text in quotes")]
    [InlineData("customers:find", "\"4711\"", "$ must be an object with \"id\", \"phone\", \"email\", \"query\"")]
    [InlineData("customers:batchGet", """{"ids":"4711"}""", "$.ids must be a list")]
    [InlineData("customers:batchGet", """{"ids":["17",{"4711":1}]}""", "$.ids[1] must be a text in quotes")]
    [InlineData("scenarios", """{"changes":[{"lever":"price","percent":3},{"lever":"luck-4711","percent":3}]}""", "$.changes[1].lever must be one of \"price\", \"conversion\", \"upsell\"")]
    [InlineData("scenarios", """{"changes":[{"lever":"price","percent":"4711 %"}]}""", "$.changes[0].percent must be a number")]
    [InlineData("scenarios", """{"changes":{"4711":1}}""", "$.changes must be a list")]
    [InlineData("customers:find", "{\"phone\":\"4711", "no well-formed JSON, or nested too deep: see line 1, byte")]
    [InlineData("customers:find", "{\"phone\":\n  4711x}", "no well-formed JSON, or nested too deep: see line 2, byte")]
    [InlineData("customers:find", "{\"4711\":{\"secret\":tru}}", "no well-formed JSON, or nested too deep")]
    [InlineData("customers:find", "{\"phone\":\"\\ud800 4711\"}", "$.phone must be a text in quotes")]
    public async Task Body_ThatCannotBeRead_IsRefusedByTheMembersPath(string path, string body, string detail)
    {
        await using var rig = await AppRig.StartAsync();

        var problem = await RefusedAsync(rig, path, new StringContent(body, Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest);

        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatIsNestedTooDeepOrNoJsonOrTooLarge_IsRefusedInWords()
    {
        await using var rig = await AppRig.StartAsync();

        var deep = await RefusedAsync(rig, "scenarios", new StringContent("{\"deep\":" + new string('[', 40) + "4711", Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest);
        var text = await RefusedAsync(rig, "scenarios", new StringContent("4711", Encoding.UTF8, "text/plain"), HttpStatusCode.UnsupportedMediaType);
        var large = await RefusedAsync(rig, "scenarios", new StringContent(new string('4', 2_000_000), Encoding.UTF8, "application/json"), HttpStatusCode.RequestEntityTooLarge);

        Assert.Contains("nested too deep", deep.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", text.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("1 MB", large.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("-4711")]
    public async Task Limit_ThatIsNone_IsRefusedInWords(string limit)
    {
        await using var rig = await AppRig.StartAsync();

        using var answer = await rig.Http.GetAsync($"/api/audit?day=2026-11-20&limit={limit}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("\"limit\" must be a whole number from 1 to 1000.", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    private static async Task<JsonElement> RefusedAsync(AppRig rig, string path, HttpContent body, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{path}") { Content = body };
        // A refused body is not sent at all, where the app could hang up on it.
        request.Headers.ExpectContinue = true;
        using var answer = await rig.Http.SendAsync(request);
        var problem = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, problem);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var read = JsonSerializer.Deserialize<JsonElement>(problem);
        Assert.Equal(status == HttpStatusCode.BadRequest, read.GetProperty("title").GetString() == "The request is malformed");
        var detail = read.GetProperty("detail").GetString();
        foreach (var leak in (string[])["4711", "secret", "Request", "System", "Clv.", "FindR", "Nullable", "parameter"])
        {
            Assert.DoesNotContain(leak, detail?.Replace("The request", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        Assert.Equal(0, rig.AskedOfStorage);
        return read;
    }
}
