using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>Which segment each customer of a table belongs to, from a customer file.</summary>
/// <param name="Of">A segment's number per customer, by the customer's index in the table; 0 for none.</param>
/// <param name="Labels">The names of the segments.</param>
/// <param name="WithoutTransactions">Rows of customers who are not in the table.</param>
public sealed record CustomerSegments(IReadOnlyList<int> Of, SegmentLabels Labels, long WithoutTransactions)
{
    /// <summary>Reads a file to its end. Of a customer's rows the last counts.</summary>
    /// <param name="rows">The file.</param>
    /// <param name="customers">The customers who have transactions.</param>
    /// <exception cref="ExtractRefusedException">The file stops being readable, or has too many segments.</exception>
    public static CustomerSegments Read(CustomerReader rows, CustomerTable customers)
    {
        var segments = new int[customers.Count];
        long unknown = 0;
        while (rows.Read())
        {
            var customer = customers.Find(rows.CustomerId);
            if (customer < 0)
            {
                unknown++;
            }
            else
            {
                segments[customer] = rows.Segment;
            }
        }

        return new CustomerSegments(segments, rows.Labels, unknown);
    }
}
