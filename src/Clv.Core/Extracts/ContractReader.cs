using System.Text;
using Clv.Core.History;

namespace Clv.Core.Extracts;

/// <summary>
/// Reads a contract file row by row, by the rules of <see cref="TransactionReader"/>. Renewals and cancellations may lie in the future, starts may
/// not. A fee in another currency is converted at the rate of the contract's first day. Not thread-safe.
/// </summary>
public sealed class ContractReader : CustomerRowReader
{
    private const int MaxTermMonths = 120;

    private readonly ContractLayout _layout;
    private Contract? _contract;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the reader.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">How to read it.</param>
    /// <param name="rules">What a row must satisfy beyond its format, and the rates of its currency.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty, is not CSV, or its header lacks a required column.</exception>
    public ContractReader(Stream content, string file, ExtractMapping mapping, ExtractRules rules, QuarantineHandler quarantine)
        : base(content, file, mapping, rules, quarantine) =>
        _layout = Resolve(header => ContractLayout.Resolve(header, mapping.Contracts.Columns));

    /// <summary>The current row's contract, its id in the one spelling of ids (<see cref="Clv.Core.CustomerId"/>).</summary>
    /// <exception cref="InvalidOperationException">No row has been read.</exception>
    public Contract Contract => _contract ?? throw new InvalidOperationException("Read a row first.");

    private protected override bool CheckRow()
    {
        if (!TryCustomer(_layout.CustomerId)
            || !TryId(out var id)
            || !TryPastDay(_layout.StartedOn, out var startedOn)
            || !TryOptionalWhole(_layout.TermMonths, 1, MaxTermMonths, out var months)
            || !TryOptionalDay(_layout.RenewsOn, out var renewsOn)
            || !TryOptionalMoney(_layout.FeePerTerm, _layout.Currency, startedOn, out var fee)
            || !TryOptionalDay(_layout.CancelledOn, out var cancelledOn)
            || !TryText(_layout.Product, out var product))
        {
            return false;
        }

        _contract = new Contract
        {
            Id = id,
            StartedOn = startedOn,
            TermMonths = months,
            RenewsOn = renewsOn,
            FeePerTerm = fee,
            CancelledOn = cancelledOn,
            Product = product,
        };
        return true;
    }

    private bool TryId(out string id)
    {
        var read = Clv.Core.CustomerId.TryNormalise(Cell(_layout.ContractId), out var utf8, out var reason);
        id = read ? Encoding.UTF8.GetString(utf8) : "";
        return read || Refuse(_layout.ContractId, reason);
    }
}
