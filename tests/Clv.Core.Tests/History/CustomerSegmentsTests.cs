using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Tests.Extracts;

namespace Clv.Core.Tests.History;

public class CustomerSegmentsTests
{
    [Fact]
    public void Read_AFile_GivesSegmentsByTheIndexOfTheLedger()
    {
        using var transactions = ExtractFile.Open(Encoding.UTF8.GetBytes(ExtractFile.Header + "x,2024-01-01,1\nMüller,2024-01-01,1\nz,2024-01-01,1\n"));
        var ledger = new PurchaseLedger(hasTransactionIds: false);
        ledger.Load(transactions);
        var csv = Encoding.UTF8.GetBytes("customer_id,segment\nprospect,tin\nMu\u0308ller,gold\nx,silver\nx,gold\nprospect,gold\n");
        using var customers = new CustomerReader(new MemoryStream(csv), "customers.csv", ExtractMapping.None, ExtractRules.Any, static _ => { });

        var segments = CustomerSegments.Read(customers, ledger.Customers);

        Assert.Equal(["gold", "gold", ""], segments.Of.Select(segment => segment == 0 ? "" : segments.Labels[segment]));
        Assert.Equal(2, segments.WithoutTransactions);
        Assert.Equal(3, ledger.Customers.Count);
    }
}
