namespace Clv.Functions.Access;

/// <summary>
/// The Functions host has asked for its keys already. Headers that only App Service authentication may set are not read: without it anybody
/// can send them.
/// </summary>
internal sealed class FunctionKeys : ICallerSource
{
    public string Challenge => "FunctionKey";

    public string Needed => "The Functions host asks for a key in the header x-functions-key.";

    public Caller Find(HttpRequest request) => Caller.Host;
}
