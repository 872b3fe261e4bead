using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Clv.Functions.Tests.Rig;

/// <summary>Keeps every line that is logged: of a host with its app's processes, or of parts of the app in the test's own.</summary>
public sealed class LogBook : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyCollection<LogLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Keep("", eventId, $"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
        // Nothing is open.
    }

    private void Keep(string category, EventId eventId, string text) => _lines.Enqueue(new LogLine(category, eventId.Id, text));

    private sealed class Category(LogBook book, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            book.Keep(name, eventId, $"{logLevel} {formatter(state, exception)} {exception}");
    }
}

/// <summary>A line of a log.</summary>
/// <param name="Category">Who says it; empty where one logger is all there is.</param>
/// <param name="Event">The event's number.</param>
/// <param name="Text">Level, message and exception.</param>
public sealed record LogLine(string Category, int Event, string Text);
