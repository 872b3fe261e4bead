namespace Clv.Core.History;

/// <summary>A <see cref="Contract"/> as a record, whose identity is the contract's id.</summary>
internal static class ContractCodec
{
    /// <summary>Writes a contract without its id.</summary>
    public static void Write(FieldWriter fields, Contract contract)
    {
        fields.Add(contract.StartedOn);
        fields.AddOptional(contract.TermMonths);
        fields.AddOptional(contract.RenewsOn);
        fields.AddOptional(contract.FeePerTerm);
        fields.AddOptional(contract.CancelledOn);
        fields.AddOptional(contract.Product);
    }

    /// <summary>Reads a contract.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="fields">What follows.</param>
    public static Contract Read(string id, ref FieldReader fields) => new()
    {
        Id = id,
        StartedOn = fields.Day(),
        TermMonths = fields.OptionalInt(int.MaxValue),
        RenewsOn = fields.OptionalDay(),
        FeePerTerm = fields.OptionalMoney(),
        CancelledOn = fields.OptionalDay(),
        Product = fields.OptionalText(),
    };
}
