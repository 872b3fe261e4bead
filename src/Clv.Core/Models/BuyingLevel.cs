using System.Runtime.InteropServices;

namespace Clv.Core.Models;

/// <summary>How often the customers of a data set buy altogether, from which the search for a model's parameters starts.</summary>
/// <param name="Rate">Repeat occasions a unit of time, over the ages of all customers.</param>
/// <param name="MeanAge">Mean age of a customer.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BuyingLevel(double Rate, double MeanAge)
{
    public static BuyingLevel Of(GroupedHistories data)
    {
        var exposure = Exposure(data);
        return new BuyingLevel(data.RepeatOccasions / exposure, exposure / data.Customers);
    }

    /// <summary>The ages of all customers together.</summary>
    public static double Exposure(GroupedHistories data)
    {
        var exposure = 0.0;
        for (var i = 0; i < data.GroupCount; i++)
        {
            exposure += data.Times[data.Age[i]] * data.Count[i];
        }

        return exposure;
    }

    /// <summary>Why a model with differing customers cannot even be tried on these data; null when it can.</summary>
    public static string? Refusal(GroupedHistories data, FitOptions options)
    {
        var least = Math.Max(1, options.MinimumRepeaters);
        if (data.Repeaters < least)
        {
            return $"{data.Repeaters} of {data.Customers} customers came back; at least {least} are needed.";
        }

        return Exposure(data) > 0 ? null : "No time has passed since any customer's first purchase.";
    }
}
