using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>Reads a partition's profiles, or one slice of a customer file's segment, customer by customer in the order of keys.</summary>
public sealed class ProfileReader : KeyedReader
{
    private const int MaxLabelBytes = 3 * SegmentLabels.MaxLength;

    /// <summary>Opens a file.</summary>
    /// <param name="content">The bytes; closed with the reader.</param>
    /// <param name="source">Where the profiles come from: a file's number, or <see cref="HistoryMerge.FromHistory"/>.</param>
    public ProfileReader(Stream content, int source)
        : base(content) => Source = source;

    /// <summary>Where the profiles come from.</summary>
    public int Source { get; }

    /// <summary>Reads the current customer's profile over an earlier one.</summary>
    /// <param name="profile">The receiver.</param>
    /// <param name="first">Whether this is the first file that knows the customer.</param>
    /// <exception cref="EndOfStreamException">The file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or two customer ids have the same key.</exception>
    internal void Read(Profile profile, bool first)
    {
        if (first)
        {
            profile.CustomerId = CustomerId.SequenceEqual(profile.CustomerId) ? profile.CustomerId : CustomerId.ToArray();
        }
        else
        {
            CheckId(profile.CustomerId);
        }

        profile.Rows = ReadNumber(int.MaxValue);
        var label = ReadBytes(ReadNumber(MaxLabelBytes));
        Span<char> text = stackalloc char[MaxLabelBytes];
        var length = Encoding.UTF8.GetChars(label, text);
        profile.Label = text[..length].SequenceEqual(profile.Label) ? profile.Label : text[..length].ToString();
        if (profile.Rows == 0 || length > SegmentLabels.MaxLength)
        {
            throw Damaged("a profile is not one");
        }

        EndCustomer();
    }
}

/// <summary>What is known of a customer besides the transactions.</summary>
internal sealed class Profile
{
    /// <summary>The id in its one spelling.</summary>
    public byte[] CustomerId { get; set; } = [];

    /// <summary>How many delivered rows this one stands for, itself included.</summary>
    public int Rows { get; set; }

    /// <summary>The name of the segment, or empty.</summary>
    public string Label { get; set; } = "";
}
