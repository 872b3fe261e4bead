namespace Clv.Functions.Access;

/// <summary>Who tells callers apart: the setting Clv:Access.</summary>
public enum AccessMode
{
    /// <summary>The Functions host asks for its keys before the app sees anything; whoever gets through may do everything.</summary>
    FunctionKeys,

    /// <summary>App Service authentication signs people in, and their app roles decide.</summary>
    AppService,

    /// <summary>The app has keys of its own, one or more for each role.</summary>
    ApiKeys,
}
