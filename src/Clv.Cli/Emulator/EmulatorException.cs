namespace Clv.Cli.Emulator;

/// <summary>The storage emulator cannot run; the message says why and what to do about it.</summary>
public sealed class EmulatorException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public EmulatorException()
    {
    }

    /// <summary>An exception whose message says what to do.</summary>
    public EmulatorException(string message)
        : base(message)
    {
    }

    /// <summary>An exception whose message says what to do, with its cause.</summary>
    public EmulatorException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
