using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure.Data.Tables.Transactions;

/// <summary>The answer to one action of a transaction.</summary>
internal sealed class TransactionPart(int status, string reason) : Response
{
    private readonly List<HttpHeader> _headers = [];

    public override int Status => status;

    public override string ReasonPhrase => reason;

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    public override bool IsError => status >= 400;

    public void AddHeader(string name, string value) => _headers.Add(new(name, value));

    public void SetBody(ReadOnlyMemory<byte> body) =>
        ContentStream = body.IsEmpty ? null : new MemoryStream(body.ToArray(), 0, body.Length, writable: false, publiclyVisible: true);

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers;

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = TryGetHeaderValues(name, out var values) ? string.Join(',', values) : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        var found = _headers.Where(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        values = found.Count > 0 ? found : null;
        return values is not null;
    }
}
