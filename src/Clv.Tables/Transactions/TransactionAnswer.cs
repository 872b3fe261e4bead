using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Transactions;

/// <summary>
/// Reads a batch's answer: HTTP responses inside MIME parts inside a part. Only the responses matter, so this looks for their status lines
/// and takes what is between two boundaries, and is deaf to how the parts around them are dressed, in which Azure and Azurite differ.
/// </summary>
internal static class TransactionAnswer
{
    public static List<Response> Read(ReadOnlyMemory<byte> body)
    {
        var parts = new List<Response>();
        TransactionPart? part = null;
        var inHeaders = false;
        var bodyStart = 0;
        for (var at = 0; at < body.Length;)
        {
            var rest = body.Span[at..];
            var end = rest.IndexOf((byte)'\n');
            var next = end < 0 ? body.Length : at + end + 1;
            var line = rest[..(next - at)].TrimEnd("\r\n"u8);
            if (line.StartsWith("--"u8))
            {
                part?.SetBody(inHeaders ? default : Trim(body[bodyStart..at]));
                part = null;
            }
            else if (part is null && line.StartsWith("HTTP/1."u8))
            {
                part = StatusLine(Encoding.ASCII.GetString(line));
                parts.Add(part);
                inHeaders = true;
            }
            else if (part is not null && inHeaders)
            {
                if (line.IsEmpty)
                {
                    inHeaders = false;
                    bodyStart = next;
                }
                else if (line.IndexOf((byte)':') is > 0 and var colon)
                {
                    part.AddHeader(Encoding.ASCII.GetString(line[..colon]).Trim(), Encoding.UTF8.GetString(line[(colon + 1)..]).Trim());
                }
            }

            at = next;
        }

        part?.SetBody(inHeaders ? default : Trim(body[bodyStart..]));
        return parts;
    }

    /// <summary>The place that the service puts in front of its text, as in "12:The specified entity already exists."</summary>
    public static int? FailedIndex(string? text)
    {
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon > 0 && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
    }

    private static TransactionPart StatusLine(string line)
    {
        var words = line.Split(' ', 3);
        return words.Length > 1 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? new(status, words.Length > 2 ? words[2] : "")
            : throw new InvalidDataException("The table service's answer to a transaction has a malformed status line.");
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> body) => body.TrimEnd("\r\n"u8.ToArray());
}
