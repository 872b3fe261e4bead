using Clv.Core.History;
using Clv.Core.Relationship;
using CsvHelper;

namespace Clv.Functions.Night;

/// <summary>
/// What has changed for whom, as CSV for campaign tools, with its header. A row's id is the same however often the row is written or sent, so a
/// receiver can tell what it has seen.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private static readonly string[] Columns = ["event_id", "run", "date", "customer_key", "event", "from", "to", "day", "value"];

    private const int KeyColumn = 3;

    private readonly CsvWriter _csv;

    public EventFile(Stream output)
    {
        _csv = CsvWriter.Create(output, CsvWriterOptions.Default with { NewLine = "\n" }, leaveOpen: true);
        foreach (var column in Columns)
        {
            _csv.WriteField(column);
        }

        _csv.EndRecord();
    }

    /// <summary>Writes one event.</summary>
    public void Write(EventMessage message)
    {
        _csv.WriteField(message.Id);
        _csv.WriteField(message.Run);
        _csv.WriteField($"{message.Date:yyyy-MM-dd}");
        _csv.WriteField(message.Customer);
        _csv.WriteField(message.Event);
        _csv.WriteField(message.From ?? "");
        _csv.WriteField(message.To ?? "");
        _csv.WriteField(message.Day is { } day ? $"{day:yyyy-MM-dd}" : "");
        _csv.WriteField(message.Value is { } value ? $"{value:0.00}" : "");
        _csv.EndRecord();
    }

    public void Flush() => _csv.Flush();

    /// <summary>Copies a file without some people's events; the others' bytes stay as they are.</summary>
    /// <returns>The person of each event that was left out.</returns>
    public static IReadOnlyList<CustomerKey> Copy(Stream from, IReadOnlySet<CustomerKey> erased, Stream to)
    {
        var names = erased.Select(static key => key.ToString()).ToHashSet(StringComparer.Ordinal);
        var removed = new List<CustomerKey>();
        using var reader = new StreamReader(from, leaveOpen: true);
        using var writer = new StreamWriter(to, leaveOpen: true) { NewLine = "\n" };
        while (reader.ReadLine() is { } row)
        {
            if (KeyOf(row) is { } key && names.Contains(key))
            {
                removed.Add(CustomerKey.Read(Convert.FromHexString(key)));
            }
            else
            {
                writer.WriteLine(row);
            }
        }

        writer.Flush();
        return removed;
    }

    /// <summary>A person's rows of a file, each with its columns' names.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Find(Stream from, CustomerKey key)
    {
        var name = key.ToString();
        var found = new List<IReadOnlyDictionary<string, string>>();
        using var reader = CsvReader.Create(from, new CsvReaderOptions { Separator = ',' }, leaveOpen: true);
        while (reader.Read())
        {
            if (reader.GetString(KeyColumn) == name)
            {
                found.Add(Columns.Select((column, i) => (column, Value: reader.GetString(i))).Where(static cell => cell.Value.Length > 0)
                    .ToDictionary(static cell => cell.column, static cell => cell.Value));
            }
        }

        return found;
    }

    // No column up to the key's is ever in quotes.
    private static string? KeyOf(string row) => row.Split(',', KeyColumn + 2) is { Length: > KeyColumn } cells ? cells[KeyColumn] : null;

    public void Dispose() => _csv.Dispose();
}

/// <summary>An event as a campaign tool receives it: nothing in it is personal.</summary>
/// <param name="Id">The date, the customer's key, the event's number and its kind: the same however often it is told, by whichever run of the date.</param>
/// <param name="Run">The run that noticed it.</param>
/// <param name="Date">The date of the run's extracts.</param>
/// <param name="Customer">The customer's pseudonym.</param>
/// <param name="Event">The kind, by its code.</param>
/// <param name="From">What it was before; null where there is none.</param>
/// <param name="To">What it is now; null where there is none.</param>
/// <param name="Day">A day that belongs to it; null without one.</param>
/// <param name="Value">The money at stake; null without one.</param>
public sealed record EventMessage(
    string Id, string Run, DateOnly Date, string Customer, string Event, string? From, string? To, DateOnly? Day, decimal? Value)
{
    /// <summary>An event of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="key">Whom it concerns.</param>
    /// <param name="of">What happened.</param>
    /// <param name="number">Its number among the customer's events of the run, from 0.</param>
    public static EventMessage Of(Run run, CustomerKey key, RelationshipEvent of, int number)
    {
        var kind = Codes.Of(of.Kind);
        return new EventMessage($"{run.Date:yyyyMMdd}-{key}-{number}-{kind}", run.Id, run.Date, key.ToString(), kind, of.From, of.To, of.Day, of.Value);
    }
}
