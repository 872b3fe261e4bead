using System.Text;
using System.Text.Json;
using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Valuation;

public sealed class WorthFileTests
{
    [Fact]
    public void Read_EverythingKnownAndNothingKnown_GivesBackWhatWasWritten()
    {
        ValuedCustomer[] customers = [new(new CustomerKey(1), null, new CustomerWorth { Basis = ValueBasis.Revenue }), Full(new CustomerKey(2))];

        var read = WorthFile.Read(new MemoryStream(Write(customers))).ToList();

        Assert.Equal(customers.Select(Json), read.Select(Json));
        // Nothing that a customer's worth can have is left out of the full one, so nothing can be lost unseen.
        var unset = typeof(CustomerWorth).GetProperties().Where(p => p.GetValue(customers[1].Worth) is null or 0m)
            .Concat(typeof(CustomerValue).GetProperties().Where(p => p.GetValue(customers[1].Worth.Purchases) is null or 0.0));
        Assert.Empty(unset.Select(static p => p.Name));
    }

    [Fact]
    public void Read_FileCutAnywhere_IsNoWholeFile()
    {
        var bytes = Write([Full(new CustomerKey(2))]);

        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.Throws<EndOfStreamException>(() => WorthFile.Read(new MemoryStream(bytes, 0, length)).Count());
        }
    }

    private static string Json(ValuedCustomer customer) => $"{customer.Key} {JsonSerializer.Serialize(customer)}";

    private static byte[] Write(IEnumerable<ValuedCustomer> customers)
    {
        using var output = new MemoryStream();
        using (var writer = new BinaryWriter(output, Encoding.UTF8, leaveOpen: true))
        {
            foreach (var customer in customers)
            {
                WorthFile.Write(writer, customer);
            }
        }

        return output.ToArray();
    }

    private static ValuedCustomer Full(CustomerKey key) => new(key, 12.34m, new CustomerWorth
    {
        Basis = ValueBasis.Contribution,
        Revenue = 1000.10m,
        ContractRevenue = 200.20m,
        Contribution = 480.12m,
        Costs = new CustomerCosts(1.01m, 2.02m, 3.03m, 4.04m, 5.05m),
        FuturePurchases = 300.30m,
        FutureContracts = 50.50m,
        FutureFees = 77.5m,
        FutureServing = 7.07m,
        FutureLatePayment = 0.08m,
        FutureLow = 100.01m,
        FutureHigh = 700.07m,
        Plain = new PlainValue(3.5, 285.7, 0.4, 15.15m, 384.83m),
        BehaviourFactor = 0.9,
        ServingPerYear = 8.25,
        ProbabilityAlive = 0.97,
        Purchases = new CustomerValue(0.97, 4.2, 71.5, 300.3)
        {
            DiscountedTransactions = 4.1,
            FirstTransactions = 1.7,
            NetRate = 0.95,
            MarginRate = 0.4,
            WholeTransactions = 4,
            SecondHalfRatio = 0.8,
            Low = 90,
            High = 650,
            NoPurchase = 0.02,
        },
        Contracts = [new ContractWorth("Wartung", 3, new DateOnly(2027, 1, 31), false, 120m, 0.8, 48m, 61.5m), new ContractWorth(null, 0, null, true, null, null, null, null)],
    });
}
