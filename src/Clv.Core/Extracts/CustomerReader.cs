using System.Text;
using Clv.Core.Callers;
using Clv.Core.History;

namespace Clv.Core.Extracts;

/// <summary>
/// Reads a customer file row by row, by the rules of <see cref="TransactionReader"/>: a row that cannot be used goes to the quarantine
/// handler with its line, column and reason, and reading goes on. A customer's segment is what the file's column <c>segment</c> says; in a
/// file without one the region, and without that the acquisition channel. More than <see cref="SegmentLabels.MaxCount"/> different values of
/// <c>segment</c> are a mistake, and the file is refused; of a column that only stands for it the values met later are no segments. An acquisition
/// cost in another currency is converted at the rate of the day of the acquisition, or of the last day of the window where that is not known. Not
/// thread-safe.
/// </summary>
public sealed class CustomerReader : CustomerRowReader
{
    private const int MaxNps = 10;
    private const int MaxDelayDays = 3650;

    private readonly CustomerLayout _layout;
    private readonly CodeValues<CustomerStatus> _statuses;
    private readonly CodeValues<bool> _consents;
    private readonly PhoneFormat _phones;
    private readonly List<ContactPoint> _contacts = [];
    private int _segment;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the reader.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">How to read it.</param>
    /// <param name="rules">What a row must satisfy beyond its format, and the rates of its currency.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty, is not CSV, or its header lacks a required column.</exception>
    public CustomerReader(Stream content, string file, ExtractMapping mapping, ExtractRules rules, QuarantineHandler quarantine)
        : base(content, file, mapping, rules, quarantine)
    {
        _phones = new PhoneFormat(rules.PhoneRegion);
        (_layout, _statuses, _consents) = Resolve(
            header => (CustomerLayout.Resolve(header, mapping.Customers.Columns), mapping.ResolveStatuses(), mapping.ResolveConsents()));
    }

    /// <summary>
    /// The number of the current row's segment among <see cref="Labels"/>, or 0 when its cell is empty or its value one too many to be a segment.
    /// </summary>
    public int Segment => _segment;

    /// <summary>What the current row says of the customer; empty cells and columns that the file does not have are unknown.</summary>
    public CustomerProfile Profile { get; private set; } = CustomerProfile.None;

    /// <summary>
    /// The current row's phone numbers and e-mail addresses, in clear and in their one spelling. Valid until the next read, and not to be stored:
    /// <see cref="RecordSegmentWriter"/> takes their keys.
    /// </summary>
    public IReadOnlyCollection<ContactPoint> Contacts => _contacts;

    /// <summary>Phone numbers of the rows used so far that could not be read; the rows count all the same.</summary>
    public long UnusablePhones { get; private set; }

    /// <summary>E-mail addresses of the rows used so far that could not be read; the rows count all the same.</summary>
    public long UnusableEmails { get; private set; }

    /// <summary>What segments are made of: the contract's name of the column, or null when the file has none.</summary>
    public string? SegmentColumn => _layout.Segment.Exists ? _layout.Segment.Name : null;

    /// <summary>
    /// Rows used so far whose value came after <see cref="SegmentLabels.MaxCount"/> others of a column that only stands for the segment, so that
    /// they have none.
    /// </summary>
    public long RowsBeyondSegments { get; private set; }

    /// <summary>The segments met so far.</summary>
    public SegmentLabels Labels { get; } = new();

    // The segment comes last, so that no row set aside for another cell adds to the labels.
    private protected override bool CheckRow()
    {
        _segment = 0;
        if (!TryCustomer(_layout.CustomerId)
            || !TryText(_layout.Region, out var region)
            || !TryText(_layout.Channel, out var channel)
            || !TryAcquiredOn(out var acquiredOn)
            || !TryOptionalMoney(_layout.AcquisitionCost, _layout.Currency, acquiredOn ?? LastDay, out var cost)
            || !TryOptionalWhole(_layout.Nps, 0, MaxNps, out var nps)
            || !TryOptionalWhole(_layout.PaymentDelayDays, int.MinValue, MaxDelayDays, out var delay)
            || !TryOptionalCode(_layout.Status, _statuses, out var status)
            || !TryOptionalCode(_layout.Consent, _consents, out var consent)
            || !TrySegment())
        {
            return false;
        }

        Profile = new CustomerProfile
        {
            Segment = _segment == 0 ? null : Labels[_segment],
            Region = region,
            Channel = channel,
            AcquiredOn = acquiredOn,
            AcquisitionCost = cost,
            Nps = nps,
            // Who pays early is not late.
            PaymentDelayDays = delay < 0 ? 0 : delay,
            Status = status ?? CustomerStatus.Unknown,
            Consent = consent,
        };
        ReadContacts();
        return true;
    }

    // How to reach somebody says nothing of their value: a number that cannot be read is counted, and the row is used.
    private void ReadContacts()
    {
        _contacts.Clear();
        foreach (var column in _layout.Phones)
        {
            UnusablePhones += _phones.Read(Encoding.UTF8.GetString(Cell(column)), _contacts);
        }

        foreach (var column in _layout.Emails)
        {
            UnusableEmails += EmailFormat.Read(Encoding.UTF8.GetString(Cell(column)), _contacts);
        }
    }

    private bool TryAcquiredOn(out int? day) =>
        TryOptionalDay(_layout.AcquiredOn, out day)
        && (!(day > LastDay) || Refuse(_layout.AcquiredOn, QuarantineReason.AfterObservationEnd));

    private bool TrySegment()
    {
        if (!TryName(_layout.Segment, out var name))
        {
            return false;
        }

        Span<char> label = stackalloc char[SegmentLabels.MaxLength];
        if (Labels.TryGetOrAdd(label[..Encoding.UTF8.GetChars(name, label)], out _segment))
        {
            return true;
        }

        if (!_layout.IsStandIn)
        {
            throw Refused(
                $"column {_layout.Segment.Name} has more than {SegmentLabels.MaxCount:N0} different values, which are no segments: "
                + $"map segment to another column in {ExtractMapping.FileName}");
        }

        // Nobody asked for segments of this column, so it is no reason to stop.
        RowsBeyondSegments++;
        return true;
    }
}
