using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Clv.Tables.Tests;

/// <summary>Counts what would go out.</summary>
internal sealed class CountingPolicy : HttpPipelineSynchronousPolicy
{
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref _sent);

    public TableClientOptions Options()
    {
        var options = TableServiceFixture.Impatient();
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }
}
