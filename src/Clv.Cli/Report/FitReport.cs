using Clv.Cli.Local;
using Clv.Core.Estimation;
using Clv.Core.History;

namespace Clv.Cli.Report;

/// <summary>What the page of <c>clv fit-report</c> is made of.</summary>
/// <param name="Reading">What became of the rows.</param>
/// <param name="Estimate">The customers and the models.</param>
/// <param name="Calendar">Occasions by day, also those after the window.</param>
/// <param name="Later">How the models did after the window, theirs first; empty when nothing is known of that time.</param>
/// <param name="HorizonWeeks">Weeks of the future that the expectations are about.</param>
/// <param name="Threads">Threads that may work.</param>
internal sealed record FitReport(
    TransactionsReading Reading, FileEstimate Estimate, PurchaseCalendar Calendar, IReadOnlyList<ForecastScore> Later, double HorizonWeeks, int Threads);
