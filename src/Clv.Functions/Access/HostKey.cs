namespace Clv.Functions.Access;

/// <summary>The key of the Functions host in front of the API.</summary>
public static class HostKey
{
    /// <summary>Whether the host asks for one: as the package is built (<c>clv publish --api</c>), since the functions' levels are part of it.</summary>
    public const bool IsAskedFor =
#if API_ANONYMOUS
        false;
#else
        true;
#endif
}
