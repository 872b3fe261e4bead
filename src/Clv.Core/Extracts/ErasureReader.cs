namespace Clv.Core.Extracts;

/// <summary>Reads a file that says whom to erase: a customer's id a row, by the rules of <see cref="TransactionReader"/>. Not thread-safe.</summary>
public sealed class ErasureReader : CustomerRowReader
{
    private readonly ExtractColumn _customer;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the reader.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">How to read it.</param>
    /// <param name="rules">What holds for the whole delivery.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty, is not CSV, or its header lacks the column.</exception>
    public ErasureReader(Stream content, string file, ExtractMapping mapping, ExtractRules rules, QuarantineHandler quarantine)
        : base(content, file, mapping, rules, quarantine) =>
        _customer = Resolve(header =>
        {
            var customer = header.Find("customer_id", mapping.Erasures.Columns.CustomerId, HeaderColumns.CustomerNames, required: true);
            header.ThrowIfMissing("the column customer_id");
            return customer;
        });

    private protected override bool CheckRow() => TryCustomer(_customer);
}
