namespace Clv.Cli.Host;

/// <summary>A schedule starts the function.</summary>
internal sealed record TimerTrigger(string Binding, TimerSchedule Schedule, bool RunOnStartup) : Trigger(Binding)
{
    public static TimerTrigger Read(JsonFile binding, AppSettings settings)
    {
        var where = $"{binding.Path}: \"schedule\"";
        var expression = settings.Resolve(binding.RequiredText("schedule"), where);
        return new TimerTrigger(binding.RequiredText("name"), TimerSchedule.Parse(expression, where), binding.Flag("runOnStartup"));
    }
}
