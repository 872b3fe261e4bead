using System.Security.Cryptography;
using System.Text;
using Clv.Core.Callers;

namespace Clv.Core.History;

/// <summary>
/// Routes the records of one file of customers, contracts or interactions to partitions, as <see cref="SegmentWriter"/> does with
/// transactions. Memory is bounded by the size of a chunk, whatever the file's.
/// </summary>
public sealed class RecordSegmentWriter : IDisposable
{
    private readonly SegmentRouter _router;
    private readonly int _chunkBytes;
    private readonly IncrementalHash _hmac;
    private readonly CustomerRecords _records = new();
    private readonly CustomerRecords _customer = new();
    private readonly FieldWriter _payload = new();

    /// <summary>Starts a segment.</summary>
    /// <param name="output">Receives the segment front to back; is left open.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <param name="secret">The secret of the customers' and the callers' keys.</param>
    /// <param name="chunkBytes">About how much memory the records of one chunk may take.</param>
    public RecordSegmentWriter(Stream output, int partitions, ReadOnlySpan<byte> secret, int chunkBytes = 64 << 20)
    {
        _router = new SegmentRouter(output, partitions, secret);
        _chunkBytes = chunkBytes;
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
    }

    /// <summary>Adds a record of any kind.</summary>
    /// <param name="customerId">Whose it is, in its one spelling, UTF-8.</param>
    /// <param name="identity">What makes it unique for its customer; empty for one that stands for itself.</param>
    /// <param name="payload">What is known.</param>
    /// <exception cref="ArgumentException">The identity or the payload is longer than <see cref="CustomerRecords"/> allows.</exception>
    public void Add(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> identity, ReadOnlySpan<byte> payload)
    {
        _records.Add(identity, payload, source: 0);
        _router.Add(customerId);
        if (_records.Bytes + _router.Bytes > _chunkBytes)
        {
            WriteChunk();
        }
    }

    /// <summary>Adds what is known of a customer; the last row of a customer counts.</summary>
    /// <param name="customerId">The customer, UTF-8.</param>
    /// <param name="profile">What is known; must not be longer than <see cref="CustomerRecords"/> allows.</param>
    public void Add(ReadOnlySpan<byte> customerId, CustomerProfile profile)
    {
        _payload.Clear();
        ProfileCodec.Write(_payload, profile);
        Add(customerId, ProfileCodec.Identity, _payload.Written);
    }

    /// <summary>Adds what is known of a customer, with the keys of phone numbers and e-mail addresses in place of themselves.</summary>
    /// <param name="customerId">The customer, UTF-8.</param>
    /// <param name="profile">What is known besides; must not be longer than <see cref="CustomerRecords"/> allows.</param>
    /// <param name="contacts">The numbers and addresses.</param>
    public void Add(ReadOnlySpan<byte> customerId, CustomerProfile profile, IReadOnlyCollection<ContactPoint> contacts)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(contacts);
        Add(customerId, contacts.Count == 0 ? profile : profile with { Callers = new CallerKeys(contacts.Select(contact => CallerKey.Of(contact, _hmac))) });
    }

    /// <summary>Adds a contract; the last row of a contract counts.</summary>
    /// <param name="customerId">Whose it is, UTF-8.</param>
    /// <param name="contract">The contract; must not be longer than <see cref="CustomerRecords"/> allows.</param>
    public void Add(ReadOnlySpan<byte> customerId, Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        _payload.Clear();
        ContractCodec.Write(_payload, contract);
        Add(customerId, Encoding.UTF8.GetBytes(contract.Id), _payload.Written);
    }

    /// <summary>Adds an interaction; of those with one id the last row counts, of those without one every row.</summary>
    /// <param name="customerId">Whose it is, UTF-8.</param>
    /// <param name="interactionId">Its id, UTF-8, or nothing.</param>
    /// <param name="interaction">The interaction.</param>
    public void Add(ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> interactionId, in Interaction interaction)
    {
        _payload.Clear();
        InteractionCodec.Write(_payload, interaction);
        Add(customerId, interactionId, _payload.Written);
    }

    /// <summary>Writes what is left and the index.</summary>
    public void Complete()
    {
        WriteChunk();
        _router.Complete();
    }

    /// <summary>Gives the buffers back; what was not completed is not a segment.</summary>
    public void Dispose()
    {
        _router.Dispose();
        _hmac.Dispose();
    }

    private void WriteChunk()
    {
        _router.WriteChunk((writer, key, customerId, rows) =>
        {
            _customer.Start(key, customerId);
            foreach (var row in rows)
            {
                _customer.Add(_records.IdentityOf(row), _records.Payload(row), source: 0);
            }

            _customer.Write(writer);
        });
        _records.Start(default, default);
    }
}
