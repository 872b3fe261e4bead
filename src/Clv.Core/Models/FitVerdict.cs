namespace Clv.Core.Models;

/// <summary>How a fit ended. Only <see cref="Converged"/> comes with a model.</summary>
public enum FitVerdict
{
    /// <summary>An interior maximum: gradient gone, curvature definite, no start better.</summary>
    Converged,

    /// <summary>Too few customers, or too few who came back, to tell the parameters.</summary>
    TooLittleData,

    /// <summary>The likelihood keeps rising towards a limit of a parameter, so there is no maximum to report.</summary>
    Boundary,

    /// <summary>The search stopped short of a maximum.</summary>
    NotConverged,

    /// <summary>The result is less likely than a start, last night's parameters for one.</summary>
    WorseThanStart,

    /// <summary>A likelihood, parameter or derivative was not a finite number.</summary>
    NonFinite,

    /// <summary>A maximum of a model that does not describe its own data: their total is not its total, or all are equally alive to it.</summary>
    Misfit,
}
