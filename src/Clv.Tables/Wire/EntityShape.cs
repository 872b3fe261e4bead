using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// How a class of one's own maps to columns: its public read-write properties, named as they are or as [DataMember] says, without those
/// marked [IgnoreDataMember]. The keys, Timestamp and ETag go through the interface, so they may be implemented explicitly. Enums are
/// stored as their names.
/// </summary>
internal sealed class EntityShape
{
    private static readonly ConcurrentDictionary<Type, EntityShape> Shapes = new();

    private readonly List<(string Name, PropertyInfo Property)> _columns = [];

    private EntityShape(Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (typeof(ITableEntity).GetProperty(property.Name) is null
                && property is { CanRead: true, CanWrite: true }
                && property.GetIndexParameters().Length == 0
                && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null)
            {
                _columns.Add((property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name, property));
            }
        }
    }

    public static IEnumerable<KeyValuePair<string, object?>> ColumnsOf(ITableEntity entity)
    {
        yield return new(nameof(ITableEntity.PartitionKey), entity.PartitionKey);
        yield return new(nameof(ITableEntity.RowKey), entity.RowKey);
        foreach (var (name, property) in Of(entity.GetType())._columns)
        {
            var value = property.GetValue(entity);
            yield return new(name, value is Enum named ? named.ToString() : value);
        }
    }

    /// <summary>Makes a row of type <typeparamref name="T"/>; columns that the class does not have are left out.</summary>
    /// <exception cref="InvalidOperationException">A column's type does not fit its property.</exception>
    public static T Bind<T>(TableEntity row)
        where T : class, ITableEntity
    {
        if (row is T same)
        {
            return same;
        }

        var entity = Activator.CreateInstance<T>();
        entity.PartitionKey = row.PartitionKey;
        entity.RowKey = row.RowKey;
        entity.Timestamp = row.Timestamp;
        entity.ETag = row.ETag;
        foreach (var (name, property) in Of(typeof(T))._columns)
        {
            if (row.TryGetValue(name, out var value) && value is not null)
            {
                Set(entity, name, property, value);
            }
        }

        return entity;
    }

    private static EntityShape Of(Type type) => Shapes.GetOrAdd(type, static t => new EntityShape(t));

    private static void Set(object entity, string name, PropertyInfo property, object value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsEnum && value is string text)
        {
            // A name that the enum does not know leaves the property as it is, so that an older program can read a newer row.
            if (Enum.TryParse(type, text, out var member))
            {
                property.SetValue(entity, member);
            }

            return;
        }

        var fitted = Fit(type, value)
            ?? throw new InvalidOperationException($"Column '{name}' is {value.GetType().Name}, not {type.Name}.");
        property.SetValue(entity, fitted);
    }

    private static object? Fit(Type type, object value) => value switch
    {
        _ when type.IsInstanceOfType(value) => value,
        DateTimeOffset time when type == typeof(DateTime) => time.UtcDateTime,
        byte[] bytes when type == typeof(BinaryData) => BinaryData.FromBytes(bytes),
        int whole when type == typeof(long) => (long)whole,
        int whole when type == typeof(double) => (double)whole,
        double number when type == typeof(float) => (float)number,
        _ => null,
    };
}
