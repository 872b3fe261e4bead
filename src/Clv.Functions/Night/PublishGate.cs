using System.Globalization;
using Clv.Core.Extracts;

namespace Clv.Functions.Night;

/// <summary>
/// Tells whether a run whose books balance differs too much from what lookups are served from. Nothing here is wrong for certain, so a run is
/// held rather than refused, and every reason is given at once.
/// </summary>
internal static class PublishGate
{
    /// <summary>A difference of fewer rows or people than this holds no run: in a small file a share says nothing.</summary>
    public const int Few = 10;

    /// <summary>Why the run is held, a sentence each with both figures; empty when it is not.</summary>
    public static IReadOnlyList<string> Reasons(GateEvidence evidence, GateLimits limits)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(limits);
        return
        [
            .. Base(evidence),
            .. Customers(evidence, limits),
            .. Gone(evidence, limits),
            .. Value(evidence, limits),
            .. Quarantine(evidence, limits),
            .. Models(evidence, limits),
        ];
    }

    /// <summary>The reasons and what to do, as the run's record has them.</summary>
    public static string Describe(string run, string? served, IReadOnlyList<string> reasons) =>
        $"{string.Join(' ', reasons)} {(served is null ? "Nothing is published yet." : $"Lookups are served from run {served} meanwhile.")} "
        + $"If the run is right, release it with POST /api/runs/{run}:publish; if not, deliver the folder again and start the night again.";

    private static IEnumerable<string> Base(GateEvidence evidence)
    {
        if (evidence.Served is not { } served)
        {
            yield break;
        }

        if (evidence.Run.Settings?.BaseRun is { } @base && RunId.IsLater(@base, than: served.Run.Id))
        {
            yield return $"The run adds its delta to the history of run {@base}, from which lookups were rolled back to run {served.Run.Id} while it was under way.";
        }

        if (evidence.RolledBackTwin is { } twin)
        {
            yield return $"The run has the very files and settings of run {twin}, from which lookups were rolled back to run {served.Run.Id}.";
        }
    }

    private static IEnumerable<string> Customers(GateEvidence evidence, GateLimits limits)
    {
        if (evidence.Served is not { Books.Customers: { } before } served || Math.Abs(evidence.Books.Customers - before) < Few)
        {
            yield break;
        }

        var now = evidence.Books.Customers;
        if (now < before * limits.MinimumCustomerShare)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The run has {now:N0} customers, the published run {served.Run.Id} has {before:N0}: less than {Percent(limits.MinimumCustomerShare)} of them "
                + $"(Clv:MinimumCustomerShare); was the delivery cut short?");
        }

        // From none to some is a beginning.
        if (before > 0 && now > before * limits.MaximumCustomerShare)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The run has {now:N0} customers, the published run {served.Run.Id} has {before:N0}: more than {Percent(limits.MaximumCustomerShare)} of them "
                + $"(Clv:MaximumCustomerShare); were somebody else's rows delivered too, or have ids changed their form?");
        }
    }

    private static IEnumerable<string> Gone(GateEvidence evidence, GateLimits limits)
    {
        if (evidence is { ComparedPersons: { } persons, Run.Settings.ComparedRun: { } compared }
            && evidence.Books.Gone >= Few
            && evidence.Books.Gone > persons * limits.MaximumGoneShare)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Of the {persons:N0} people of run {compared} of {evidence.Run.Settings.ComparedDate:yyyy-MM-dd}, {evidence.Books.Gone:N0} are not there any more, "
                + $"more than {Percent(limits.MaximumGoneShare)} (Clv:MaximumGoneShare); have customers' ids changed their form?");
        }
    }

    // Where the total is near zero a share of it says nothing: then the change is measured against a unit of the currency per customer.
    private static IEnumerable<string> Value(GateEvidence evidence, GateLimits limits)
    {
        if (evidence.Served is not { Books.FutureValue: { } before, Run.Settings: { HistoryFormat: RunSettings.CurrentHistoryFormat } then } served
            || evidence.Run.Settings is not { } now
            || !string.Equals(then.Currency, now.Currency, StringComparison.OrdinalIgnoreCase))
        {
            yield break;
        }

        var measure = Math.Max(Math.Abs(before), Math.Max(1, served.Books.Customers ?? 0));
        var change = (double)(Math.Abs(evidence.Books.FutureValue - before) / measure);
        if (change > limits.MaximumValueChange)
        {
            var basis = served.Margins is not { } margins || margins == evidence.Margins ? ""
                : $" Values are {Basis(evidence.Margins)} now, {Basis(margins)} then.";
            var terms = then.HorizonWeeks == now.HorizonWeeks && then.DiscountRate == now.DiscountRate
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" The two count another future: {now.HorizonWeeks:0.##} weeks at {Percent(now.DiscountRate)} a year now, {then.HorizonWeeks:0.##} at {Percent(then.DiscountRate)} then.");
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The total future value is {evidence.Books.FutureValue:N2}, that of the published run {served.Run.Id} is {before:N2}: a change of {Percent(change)}, "
                + $"more than {Percent(limits.MaximumValueChange)} (Clv:MaximumValueChange); are amounts in their unit and complete?{terms}{basis}");
        }

        static string Basis(bool margins) => margins ? "contribution margins" : "revenue";
    }

    private static IEnumerable<string> Quarantine(GateEvidence evidence, GateLimits limits) => evidence.Books.Files
        .Where(file => file.Quarantined >= Few && file.Quarantined > file.Read * limits.MaximumQuarantineShare)
        .Select(file => string.Create(
            CultureInfo.InvariantCulture,
            $"Of {file.Read:N0} rows of {file.File}, {file.Quarantined:N0} were set aside, more than {Percent(limits.MaximumQuarantineShare)} "
            + $"(Clv:MaximumQuarantineShare), mostly with the reason: {Why(file)}; "
            + $"clv-quarantine/{evidence.Run.Id}/{file.File}.csv has them."));

    private static string Why(FileBooks file)
    {
        var most = file.Reasons.MaxBy(static reason => reason.Value).Key;
        return Enum.TryParse<QuarantineReason>(most, out var reason) ? reason.Describe() : most;
    }

    private static IEnumerable<string> Models(GateEvidence evidence, GateLimits limits)
    {
        var old = evidence.Kept.Where(kept => AgeOf(kept) is not { } age || age > limits.MaximumModelAgeDays).OrderByDescending(kept => AgeOf(kept) ?? int.MaxValue).ToList();
        if (old is [var oldest, ..])
        {
            var since = AgeOf(oldest) is { } age ? $"of {oldest.Date:yyyy-MM-dd}, {age:N0} days ago" : "of which there is no record any more";
            var others = old.Count == 1 ? "" : $", and {old.Count - 1:N0} others like it";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The model of {oldest.Name} is that of run {oldest.FittedIn} {since}{others}: those of later nights were refused, and models are kept for "
                + $"{limits.MaximumModelAgeDays:N0} days (Clv:MaximumModelAgeDays); GET /api/runs/{evidence.Run.Id}/models says why.");
        }

        int? AgeOf(KeptModel kept) => evidence.Run.Date.DayNumber - kept.Date?.DayNumber;
    }

    private static string Percent(double share) => (share * 100).ToString("#,0.##", CultureInfo.InvariantCulture) + " %";
}

/// <summary>What a run is judged by before it is published.</summary>
/// <param name="Run">The run.</param>
/// <param name="Books">Its books.</param>
/// <param name="Served">The run that lookups are served from; null before the first.</param>
/// <param name="ComparedPersons">People of the night that the run is compared with; null when it is compared with none, or they are not known.</param>
/// <param name="Kept">The run's models that are an earlier run's.</param>
/// <param name="RolledBackTwin">A run with the same files and settings from which lookups were rolled back; null without one.</param>
internal sealed record GateEvidence(
    Run Run, Books Books, ServedBooks? Served, long? ComparedPersons, IReadOnlyList<KeptModel> Kept, string? RolledBackTwin = null)
{
    /// <summary>Whether margins are known, so that values are contribution margins; else they are revenue.</summary>
    public bool Margins { get; init; }
}

/// <summary>The run that lookups are served from.</summary>
/// <param name="Run">The run.</param>
/// <param name="Books">What is known of its books.</param>
/// <param name="Margins">Whether its values are contribution margins; null when that is not known.</param>
internal sealed record ServedBooks(Run Run, LastBooks Books, bool? Margins = null);

/// <summary>What the books of an earlier run may say, whichever version of this program wrote them.</summary>
/// <param name="Customers">Its customers.</param>
/// <param name="Persons">People of whom anything was known.</param>
/// <param name="FutureValue">The sum of its customers' future values.</param>
internal sealed record LastBooks(long? Customers = null, long? Persons = null, decimal? FutureValue = null);

/// <summary>A model that was kept because later ones were refused.</summary>
/// <param name="Name">What it is a model of.</param>
/// <param name="FittedIn">The run whose customers it was estimated on.</param>
/// <param name="Date">That run's date; null when there is no record of it.</param>
internal sealed record KeptModel(string Name, string FittedIn, DateOnly? Date);
