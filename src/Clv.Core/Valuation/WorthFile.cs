using System.Text;
using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>
/// What a partition's customers are worth, in the order of keys: a record for everybody of the partition's facts who is no prospect, between the
/// phase that values them and the one that judges them. The same worth gives the same bytes.
/// </summary>
public static class WorthFile
{
    /// <summary>Writes one customer.</summary>
    /// <param name="writer">Receives the record.</param>
    /// <param name="worth">The customer's worth.</param>
    public static void Write(BinaryWriter writer, ValuedCustomer worth)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(worth);
        Span<byte> key = stackalloc byte[CustomerKey.Size];
        worth.Key.Write(key);
        writer.Write(key);
        Write(writer, worth.FutureUnderLastModels);
        var value = worth.Worth;
        writer.Write((byte)value.Basis);
        writer.Write(value.Revenue);
        writer.Write(value.ContractRevenue);
        writer.Write(value.Contribution);
        writer.Write(value.Costs.Acquisition);
        writer.Write(value.Costs.Campaigns);
        writer.Write(value.Costs.Service);
        writer.Write(value.Costs.Returns);
        writer.Write(value.Costs.LatePayment);
        writer.Write(value.FuturePurchases);
        writer.Write(value.FutureContracts);
        writer.Write(value.FutureFees);
        writer.Write(value.FutureServing);
        writer.Write(value.FutureLatePayment);
        Write(writer, value.FutureLow);
        Write(writer, value.FutureHigh);
        Write(writer, value.BehaviourFactor);
        Write(writer, value.ServingPerYear);
        Write(writer, value.ProbabilityAlive);
        writer.Write(value.Plain is not null);
        if (value.Plain is { } plain)
        {
            writer.Write(plain.LifetimeYears);
            writer.Write(plain.RevenuePerYear);
            writer.Write(plain.MarginRate);
            writer.Write(plain.Costs);
            writer.Write(plain.Value);
        }

        writer.Write(value.Purchases is not null);
        if (value.Purchases is { } purchases)
        {
            writer.Write(purchases.ProbabilityAlive);
            writer.Write(purchases.ExpectedTransactions);
            writer.Write(purchases.ExpectedSpend);
            writer.Write(purchases.FutureValue);
            writer.Write(purchases.DiscountedTransactions);
            Write(writer, purchases.FirstTransactions);
            writer.Write(purchases.NetRate);
            Write(writer, purchases.MarginRate);
            Write(writer, purchases.WholeTransactions);
            Write(writer, purchases.SecondHalfRatio);
            Write(writer, purchases.Low);
            Write(writer, purchases.High);
            Write(writer, purchases.NoPurchase);
        }

        writer.Write7BitEncodedInt(value.Contracts.Count);
        foreach (var contract in value.Contracts)
        {
            writer.Write(contract.Product ?? "");
            writer.Write(contract.Renewals);
            Write(writer, contract.NextRenewal?.DayNumber);
            writer.Write(contract.Cancelled);
            Write(writer, contract.FeePerTerm);
            Write(writer, contract.RenewalProbability);
            Write(writer, contract.RenewalValue);
            Write(writer, contract.Future);
        }
    }

    /// <summary>Reads all customers, one at a time.</summary>
    /// <param name="input">What <see cref="Write(BinaryWriter, ValuedCustomer)"/> wrote; is left open.</param>
    /// <exception cref="EndOfStreamException">The file ends within a record.</exception>
    public static IEnumerable<ValuedCustomer> Read(Stream input)
    {
        using var reader = new BinaryReader(new BufferedStream(input, 1 << 16), Encoding.UTF8, leaveOpen: true);
        var key = new byte[CustomerKey.Size];
        while (reader.BaseStream.ReadAtLeast(key, CustomerKey.Size, throwOnEndOfStream: false) is var got and > 0)
        {
            yield return got == CustomerKey.Size
                ? new ValuedCustomer(CustomerKey.Read(key), Decimal(reader), Worth(reader))
                : throw new EndOfStreamException("A file of worth ends within a customer.");
        }
    }

    private static CustomerWorth Worth(BinaryReader reader) => new()
    {
        Basis = (ValueBasis)reader.ReadByte(),
        Revenue = reader.ReadDecimal(),
        ContractRevenue = reader.ReadDecimal(),
        Contribution = reader.ReadDecimal(),
        Costs = new CustomerCosts(reader.ReadDecimal(), reader.ReadDecimal(), reader.ReadDecimal(), reader.ReadDecimal(), reader.ReadDecimal()),
        FuturePurchases = reader.ReadDecimal(),
        FutureContracts = reader.ReadDecimal(),
        FutureFees = reader.ReadDecimal(),
        FutureServing = reader.ReadDecimal(),
        FutureLatePayment = reader.ReadDecimal(),
        FutureLow = Decimal(reader),
        FutureHigh = Decimal(reader),
        BehaviourFactor = Double(reader),
        ServingPerYear = Double(reader),
        ProbabilityAlive = Double(reader),
        Plain = reader.ReadBoolean()
            ? new PlainValue(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDecimal(), reader.ReadDecimal())
            : null,
        Purchases = reader.ReadBoolean() ? Purchases(reader) : null,
        Contracts = Contracts(reader),
    };

    private static CustomerValue Purchases(BinaryReader reader) =>
        new(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble())
        {
            DiscountedTransactions = reader.ReadDouble(),
            FirstTransactions = Double(reader),
            NetRate = reader.ReadDouble(),
            MarginRate = Double(reader),
            WholeTransactions = Int(reader),
            SecondHalfRatio = Double(reader),
            Low = Double(reader),
            High = Double(reader),
            NoPurchase = Double(reader),
        };

    private static List<ContractWorth> Contracts(BinaryReader reader)
    {
        // A damaged file must not make this allocate what its bytes claim.
        var contracts = new List<ContractWorth>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            contracts.Add(new ContractWorth(
                reader.ReadString() is { Length: > 0 } product ? product : null,
                reader.ReadInt32(),
                Int(reader) is { } day ? DateOnly.FromDayNumber(day) : null,
                reader.ReadBoolean(),
                Decimal(reader),
                Double(reader),
                Decimal(reader),
                Decimal(reader)));
        }

        return contracts;
    }

    private static void Write(BinaryWriter writer, decimal? value)
    {
        writer.Write(value is not null);
        if (value is { } known)
        {
            writer.Write(known);
        }
    }

    private static void Write(BinaryWriter writer, double? value)
    {
        writer.Write(value is not null);
        if (value is { } known)
        {
            writer.Write(known);
        }
    }

    private static void Write(BinaryWriter writer, int? value)
    {
        writer.Write(value is not null);
        if (value is { } known)
        {
            writer.Write(known);
        }
    }

    private static decimal? Decimal(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadDecimal() : null;

    private static double? Double(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadDouble() : null;

    private static int? Int(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadInt32() : null;
}

/// <summary>A customer on the way from being valued to being judged.</summary>
/// <param name="Key">The pseudonym.</param>
/// <param name="FutureUnderLastModels">
/// The future value under the models, profile and terms of the night that this one is compared with; null without such a night.
/// </param>
/// <param name="Worth">What the customer is worth.</param>
public sealed record ValuedCustomer(CustomerKey Key, decimal? FutureUnderLastModels, CustomerWorth Worth);
