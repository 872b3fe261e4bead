namespace Clv.Core.History;

/// <summary>An <see cref="Interaction"/> as a record, whose identity is the interaction's id where it has one.</summary>
internal static class InteractionCodec
{
    /// <summary>Writes an interaction.</summary>
    public static void Write(FieldWriter fields, in Interaction interaction)
    {
        fields.Add(interaction.Day);
        fields.Add((int)interaction.Kind);
        fields.AddOptional(interaction.Cost);
    }

    /// <summary>Reads an interaction.</summary>
    public static Interaction Read(ref FieldReader fields) =>
        new(fields.Day(), (InteractionKind)fields.Int((int)InteractionKind.Return), fields.OptionalMoney());
}
