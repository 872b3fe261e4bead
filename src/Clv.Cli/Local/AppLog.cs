using Microsoft.Extensions.Logging;

namespace Clv.Cli.Local;

/// <summary>Writes the host's and the app's lines to a file of the data folder, so that the terminal belongs to the night.</summary>
internal sealed class AppLog : ILogger, IDisposable
{
    private readonly StreamWriter _file;
    private readonly Lock _lock = new();

    public AppLog(DirectoryInfo data)
    {
        Path = System.IO.Path.Combine(data.FullName, "host.log");
        try
        {
            data.Create();
            _file = new StreamWriter(new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                $"The data folder {data.FullName} cannot be written ({e.Message}): free disk space, mend its permissions, or choose another with --data.", e);
        }
    }

    public string Path { get; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        lock (_lock)
        {
            _file.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel,-11} {formatter(state, exception)}");
        }
    }

    public void Dispose() => _file.Dispose();
}
