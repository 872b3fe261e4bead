using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>
/// How a client talks: retries, transport, policies and diagnostics come from <see cref="ClientOptions"/>. Read once, when the client is
/// made.
/// </summary>
public class TableClientOptions : ClientOptions
{
    /// <summary>Takes the protocol version to speak.</summary>
    /// <param name="serviceVersion">The version; the newest by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="serviceVersion"/> is not one of the enum's values.</exception>
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06) =>
        VersionHeader = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
        };

    internal string VersionHeader { get; }

    /// <summary>A version of the table service's REST protocol.</summary>
    [SuppressMessage("Naming", "CA1707", Justification = "The official client's names.")]
    [SuppressMessage("Design", "CA1034", Justification = "The official client nests it here.")]
    public enum ServiceVersion
    {
        /// <summary>2019-02-02: keys and signatures.</summary>
        V2019_02_02 = 1,

        /// <summary>2020-12-06: as before, and Microsoft Entra tokens.</summary>
        V2020_12_06 = 2,
    }
}
