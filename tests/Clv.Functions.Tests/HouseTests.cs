using System.Reflection;

namespace Clv.Functions.Tests;

/// <summary>Arrows between the rooms run one way: Cli to Functions to Core; Core knows nobody, and nothing of Azure.</summary>
public sealed class HouseTests
{
    [Theory]
    [InlineData("Clv.Core", new string[0])]
    [InlineData("Clv.Functions", new[] { "Clv.Core" })]
    [InlineData("clv", new[] { "Clv.Core", "Clv.Functions" })]
    public void References_OfARoom_PointOneWay(string room, string[] allowed)
    {
        var references = Assembly.Load(room).GetReferencedAssemblies().Select(static a => a.Name!).ToList();

        Assert.Subset(allowed.ToHashSet(), references.Where(static r => r.StartsWith("Clv.", StringComparison.OrdinalIgnoreCase) || r == "clv").ToHashSet());
        if (room == "Clv.Core")
        {
            Assert.DoesNotContain(references, static r => r.StartsWith("Azure", StringComparison.Ordinal) || r.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        }
    }
}
