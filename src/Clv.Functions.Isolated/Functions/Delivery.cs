using Clv.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;

namespace Clv.Functions.Isolated.Functions;

/// <summary>Tells the app which delivery of a message it is called for.</summary>
internal static class Delivery
{
    /// <summary>Reads it from what the host says of the message.</summary>
    public static void Note(FunctionContext context)
    {
        var data = context.BindingContext.BindingData;
        MessageDelivery.Current = MessageDelivery.Of(data.GetValueOrDefault("Id") as string, data.GetValueOrDefault("DequeueCount") as string);
    }
}
