namespace Clv.Cli.Package;

/// <summary>Whom the Functions host lets through to the API: the functions' <c>authLevel</c>.</summary>
internal enum ApiLevel
{
    /// <summary>Whoever has a key of the host, for <c>Clv:Access</c> FunctionKeys.</summary>
    Function,

    /// <summary>Everybody, since the app itself asks: for <c>Clv:Access</c> AppService and ApiKeys.</summary>
    Anonymous,
}
