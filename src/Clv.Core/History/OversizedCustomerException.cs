namespace Clv.Core.History;

/// <summary>
/// One customer has more rows than a person or a firm can have. They would have to fit into memory together, and no value could be told of
/// them: it is an account that stands for many. The message names the customer's pseudonym alone.
/// </summary>
public sealed class OversizedCustomerException : Exception
{
    /// <summary>Refuses a customer.</summary>
    /// <param name="key">The customer's pseudonym.</param>
    public OversizedCustomerException(CustomerKey key)
        : base(
            $"customer {key} has more than {CustomerLimits.MaxRows:N0} rows or {CustomerLimits.MaxBytes >> 20} MiB of them, as only an account for many people has, "
            + "such as walk-in sales: find the customer with most rows, and leave it out of the extracts")
    {
    }
}

/// <summary>How much one customer may have of one kind of rows.</summary>
public static class CustomerLimits
{
    /// <summary>The most rows.</summary>
    public const int MaxRows = 1_000_000;

    /// <summary>About the most memory that they may take.</summary>
    public const long MaxBytes = 128L << 20;
}
