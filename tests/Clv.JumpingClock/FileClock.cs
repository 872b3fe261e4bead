using System.Globalization;

namespace Clv.JumpingClock;

/// <summary>
/// The system's clock, ahead of it or behind it by the seconds that a file in the folder <c>CLV_CLOCK_FOLDER</c> says: that of this process, named
/// by its id, or else that of all, named <c>all</c>. Only what the clock says jumps; waiting takes as long as it always does.
/// </summary>
internal sealed class FileClock : TimeProvider
{
    private readonly string _folder = Environment.GetEnvironmentVariable("CLV_CLOCK_FOLDER")
        ?? throw new InvalidOperationException("CLV_CLOCK_FOLDER is not set: name the folder with the clock's files.");

    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow().AddSeconds(Offset(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) ?? Offset("all") ?? 0);

    private double? Offset(string name)
    {
        var file = Path.Combine(_folder, name);
        return File.Exists(file) ? double.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
    }
}
