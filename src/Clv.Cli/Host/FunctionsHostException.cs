namespace Clv.Cli.Host;

/// <summary>The app cannot be hosted, or no longer; the message names the file, setting or port and says what to do.</summary>
public sealed class FunctionsHostException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public FunctionsHostException()
    {
    }

    /// <summary>An exception whose message says what to do.</summary>
    public FunctionsHostException(string message)
        : base(message)
    {
    }

    /// <summary>An exception whose message says what to do, with its cause.</summary>
    public FunctionsHostException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
