using System.Globalization;
using Clv.Cli.Commands;
using Clv.Cli.Emulator;
using Clv.Cli.Host;
using Clv.Core.Extracts;
using Clv.Functions.Storage;

namespace Clv.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        // Files and reports are the same whatever the machine's language.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            // Ctrl-C and SIGTERM cancel the command, which stops the app and the emulator; one that hangs is ended all the same.
            var command = ClvCommand.Create().Parse(args);
            return await command.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = ServeCommand.EndsWithin(command) });
        }
        catch (Exception e) when (e is CliException or EarlierVersionException or EmulatorException or FunctionsHostException or ExtractRefusedException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (InvalidOperationException e) when (e.Message.StartsWith("Setting ", StringComparison.Ordinal))
        {
            // Clv__... of the environment, which is read when storage is opened.
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (IOException e)
        {
            // A file that is not there, a full disk: the system's own words name it.
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (UnauthorizedAccessException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (Exception e) when (Resilience.IsStorageDown(e))
        {
            // The emulator is of this machine alone, so it is busy or was ended.
            await Console.Error.WriteLineAsync("Storage does not answer in time: the machine is busy, or the emulator was ended. Try again in a moment.");
            return 1;
        }
    }
}
