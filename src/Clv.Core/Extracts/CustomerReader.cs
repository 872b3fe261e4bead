using System.Text;

namespace Clv.Core.Extracts;

/// <summary>
/// Reads a customer file row by row, by the rules of <see cref="TransactionReader"/>: a row that cannot be used goes to the quarantine
/// handler with its line, column and reason, and reading goes on. A customer's segment is what the file's column <c>segment</c> says; in a
/// file without one the region, and without that the acquisition channel. More than <see cref="SegmentLabels.MaxCount"/> different values of
/// <c>segment</c> are a mistake, and the file is refused; of a column that only stands for it the values met later are no segments. Not
/// thread-safe.
/// </summary>
public sealed class CustomerReader : IDisposable
{
    private readonly ExtractRows _rows;
    private readonly string _file;
    private readonly CustomerLayout _layout;
    private int _segment;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the reader.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">How to read it.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty, is not CSV, or its header lacks a required column.</exception>
    public CustomerReader(Stream content, string file, ExtractMapping mapping, QuarantineHandler quarantine)
    {
        _file = file;
        _rows = new ExtractRows(content, file, mapping, quarantine);
        try
        {
            _layout = CustomerLayout.Resolve(file, _rows.Header, mapping.Customers.Columns, _rows.Line);
        }
        catch
        {
            _rows.Dispose();
            throw;
        }
    }

    /// <summary>The id of the current row's customer in its one spelling (<see cref="Clv.Core.CustomerId"/>), UTF-8. Valid until the next read.</summary>
    public ReadOnlySpan<byte> CustomerId => _rows.CustomerId;

    /// <summary>
    /// The number of the current row's segment among <see cref="Labels"/>, or 0 when its cell is empty or its value one too many to be a segment.
    /// </summary>
    public int Segment => _segment;

    /// <summary>What segments are made of: the contract's name of the column, or null when the file has none.</summary>
    public string? SegmentColumn => _layout.Segment < 0 ? null : _layout.SegmentColumn;

    /// <summary>
    /// Rows used so far whose value came after <see cref="SegmentLabels.MaxCount"/> others of a column that only stands for the segment, so that
    /// they have none.
    /// </summary>
    public long RowsBeyondSegments { get; private set; }

    /// <summary>The segments met so far.</summary>
    public SegmentLabels Labels { get; } = new();

    /// <summary>Rows read so far, without the header and empty lines; the used ones and the quarantined.</summary>
    public long RowsRead => _rows.RowsRead;

    /// <summary>Rows handed to the quarantine so far.</summary>
    public long RowsQuarantined => _rows.RowsQuarantined;

    /// <summary>Headers that the contract does not know, in the order of the file.</summary>
    public IReadOnlyList<string> UnknownColumns => _layout.Unknown;

    /// <summary>Advances to the next usable row.</summary>
    /// <exception cref="ExtractRefusedException">
    /// The file stops being CSV, or its column <c>segment</c> has more than <see cref="SegmentLabels.MaxCount"/> different values.
    /// </exception>
    public bool Read()
    {
        while (_rows.MoveNext())
        {
            if (CheckRow(out var column, out var reason))
            {
                return true;
            }

            _rows.SetAside(column, reason);
        }

        return false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _rows.Dispose();

    private bool CheckRow(out string column, out QuarantineReason reason)
    {
        _segment = 0;
        column = "customer_id";
        if (!_rows.TryReadCustomer(_layout.CustomerId, out reason))
        {
            return false;
        }

        column = _layout.SegmentColumn;
        if (_layout.Segment < 0)
        {
            return true;
        }

        // A label has one spelling, by the rules of an id.
        if (!Clv.Core.CustomerId.TryNormalise(_rows[_layout.Segment], out var utf8, out reason))
        {
            reason = reason == QuarantineReason.TooLong ? QuarantineReason.LabelTooLong : reason;
            return reason == QuarantineReason.Empty;
        }

        Span<char> label = stackalloc char[SegmentLabels.MaxLength];
        if (!Encoding.UTF8.TryGetChars(utf8, label, out var length))
        {
            reason = QuarantineReason.LabelTooLong;
            return false;
        }

        if (Labels.TryGetOrAdd(label[..length], out _segment))
        {
            return true;
        }

        if (!_layout.IsStandIn)
        {
            throw new ExtractRefusedException(
                _file,
                $"column {column} has more than {SegmentLabels.MaxCount:N0} different values, which are no segments: "
                + $"map segment to another column in {ExtractMapping.FileName}",
                _rows.Line);
        }

        // Nobody asked for segments of this column, so it is no reason to stop.
        RowsBeyondSegments++;
        return true;
    }
}
