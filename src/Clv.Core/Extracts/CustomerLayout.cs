namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the customer contract; -1 is a column that the file does not have.</summary>
/// <param name="CustomerId">The customer's id.</param>
/// <param name="Segment">What segments are made of: the first of segment, region and acquisition channel that the file has.</param>
/// <param name="SegmentColumn">That column's name in the contract.</param>
/// <param name="Unknown">Headers that the contract does not know.</param>
internal sealed record CustomerLayout(int CustomerId, int Segment, string SegmentColumn, IReadOnlyList<string> Unknown)
{
    private static readonly string[] SegmentNames = ["segment", "customer_segment", "kundensegment"];

    /// <summary>Whether another column stands for the segment that the file does not have.</summary>
    public bool IsStandIn => SegmentColumn != "segment";

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A column that is required, or stated and used, is missing, or two could be meant.</exception>
    public static CustomerLayout Resolve(string file, IReadOnlyList<string> header, CustomerColumns columns, long line)
    {
        var found = new HeaderColumns(file, header, line);
        var customer = found.Find("customer_id", columns.CustomerId, HeaderColumns.CustomerNames, required: true);
        var (name, segment) = ("segment", found.Find("segment", columns.Segment, SegmentNames, required: false));
        foreach (var (other, stated) in (ReadOnlySpan<(string, string?)>)[("region", columns.Region), ("acquisition_channel", columns.AcquisitionChannel)])
        {
            if (segment >= 0)
            {
                found.Know(other, stated);
            }
            else if (found.Find(other, stated, [other], required: false) is >= 0 and var index)
            {
                (name, segment) = (other, index);
            }
        }

        // Columns that a delivery may have and nothing is made of.
        foreach (var (other, stated) in (ReadOnlySpan<(string, string?)>)
            [
                ("acquired_on", columns.AcquiredOn), ("acquisition_cost", columns.AcquisitionCost), ("nps", columns.Nps),
                ("payment_delay_days", columns.PaymentDelayDays), ("status", columns.Status), ("phone", columns.Phone), ("email", columns.Email),
                ("consent", columns.Consent),
            ])
        {
            found.Know(other, stated);
        }

        found.ThrowIfMissing("the column customer_id");
        return new CustomerLayout(customer, segment, name, found.Unknown);
    }
}
