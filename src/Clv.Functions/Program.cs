using System.Globalization;

namespace Clv.Functions;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Files, tables and messages are the same whatever the machine's language.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        WebApplication app;
        try
        {
            app = App.Build(args);
        }
        catch (InvalidOperationException e)
        {
            // A setting is wrong: its name and what to do, not a stack trace.
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }

        await app.RunAsync();
        return 0;
    }
}
