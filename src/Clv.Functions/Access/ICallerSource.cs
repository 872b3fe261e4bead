namespace Clv.Functions.Access;

/// <summary>Tells callers apart by what their requests carry.</summary>
internal interface ICallerSource
{
    /// <summary>What an answer of 401 says in WWW-Authenticate.</summary>
    string Challenge { get; }

    /// <summary>What a request needs, for a person.</summary>
    string Needed { get; }

    /// <summary>The caller; null when the request does not prove who sends it.</summary>
    Caller? Find(HttpRequest request);
}
