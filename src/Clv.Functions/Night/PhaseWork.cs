namespace Clv.Functions.Night;

/// <summary>
/// The work of one phase. A unit may run more than once, at the same time or days apart, and gives the same bytes each time: it reads only
/// what the plan or an earlier phase left behind, and writes only under its own names.
/// </summary>
public interface IPhaseWork
{
    /// <summary>The phase.</summary>
    Phase Phase { get; }

    /// <summary>Does one unit.</summary>
    /// <param name="run">The run.</param>
    /// <param name="settings">What it runs with.</param>
    /// <param name="unit">The unit, from 0.</param>
    /// <param name="cancellationToken">Ends the work; it can be done again.</param>
    /// <returns>What the unit leaves behind in its marker, as JSON.</returns>
    /// <exception cref="NightRefusedException">The run cannot go on.</exception>
    /// <exception cref="Clv.Core.Extracts.ExtractRefusedException">A file cannot be used, so the run cannot go on.</exception>
    Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes out what a delivery of a unit may have put back of people who were erased from the run before (<see cref="Run.MayBeErasedFrom"/>): an erasure
    /// looks at no place again. Asked for by every delivery that comes after that, so one that is killed in between is followed by one that does it.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="settings">What it ran with.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="cancellationToken">Ends the work; it can be done again.</param>
    Task ForgetAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken) => Task.CompletedTask;
}
