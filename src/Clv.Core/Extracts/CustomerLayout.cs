namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the customer contract; -1 is a column that the file does not have.</summary>
/// <param name="CustomerId">The customer's id.</param>
/// <param name="Segment">What segments are made of: the first of segment, region and acquisition channel that the file has.</param>
/// <param name="SegmentColumn">That column's name in the contract.</param>
/// <param name="Unknown">Headers that the contract does not know.</param>
internal sealed record CustomerLayout(int CustomerId, int Segment, string SegmentColumn, IReadOnlyList<string> Unknown)
{
    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A required or stated column is missing, or two columns could be meant.</exception>
    public static CustomerLayout Resolve(string file, IReadOnlyList<string> header, CustomerColumns columns, long line)
    {
        var found = new HeaderColumns(file, header, line);
        var customer = found.Find("customer_id", columns.CustomerId, HeaderColumns.CustomerNames, required: true);
        (string Name, int Index)[] segments =
        [
            ("segment", found.Find("segment", columns.Segment, ["segment", "customer_segment", "kundensegment"], required: false)),
            ("region", found.Find("region", columns.Region, ["region"], required: false)),
            ("acquisition_channel", found.Find("acquisition_channel", columns.AcquisitionChannel, ["acquisition_channel"], required: false)),
        ];

        // Columns that a delivery may have and nothing is made of.
        foreach (var (name, stated) in (ReadOnlySpan<(string, string?)>)
            [
                ("acquired_on", columns.AcquiredOn), ("acquisition_cost", columns.AcquisitionCost), ("nps", columns.Nps),
                ("payment_delay_days", columns.PaymentDelayDays), ("status", columns.Status), ("phone", columns.Phone), ("email", columns.Email),
                ("consent", columns.Consent),
            ])
        {
            found.Find(name, stated, [name], required: false);
        }

        found.ThrowIfMissing("the column customer_id");
        var segment = segments.FirstOrDefault(static s => s.Index >= 0, segments[0]);
        return new CustomerLayout(customer, segment.Index, segment.Name, found.Unknown);
    }
}
