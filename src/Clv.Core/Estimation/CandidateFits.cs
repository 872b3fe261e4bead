using Clv.Core.Models;

namespace Clv.Core.Estimation;

/// <summary>Fits candidates and takes down why one was refused.</summary>
internal sealed class CandidateFits(EstimationOptions options)
{
    private const double SameLikelihood = 1e-11;

    private readonly SortedDictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <summary>Why candidates were refused, by their ids.</summary>
    public IReadOnlyDictionary<string, string> Refused => _refused;

    /// <summary>
    /// Fits a candidate and passes it through the gate. Data without an interior maximum get a second try with a weak prior, which the
    /// reason then tells.
    /// </summary>
    /// <param name="kind">The candidate.</param>
    /// <param name="data">The histories.</param>
    /// <param name="start">Parameters to start from, used when they are of this kind.</param>
    /// <param name="prefix">What the data are, for the reason of a refusal.</param>
    public ModelFit<ITransactionModel> Fit(TransactionModelKind kind, GroupedHistories data, ITransactionModel? start, string prefix = "")
    {
        var fitting = new FitOptions { MaxDegreeOfParallelism = options.Threads };
        var fit = AcceptanceGate.Judge(kind.Fit(data, start, fitting), data, kind);
        // A kind that extends another gets none: where it is not clearly asked for, the other is what it is.
        if (kind.Extends is null && (fit.Verdict is FitVerdict.Boundary or FitVerdict.NotConverged))
        {
            var second = AcceptanceGate.Judge(kind.Fit(data, start, fitting with { PriorWeight = 1 }), data, kind);
            fit = second.Converged ? second with { Reason = $"{fit.Reason} Converged with a weak prior." } : fit;
        }

        if (fit.Converged)
        {
            _refused.Remove(kind.Id);
        }
        else
        {
            _refused[kind.Id] = prefix + fit.Reason;
        }

        return fit;
    }

    /// <summary>Whether a fit is another model than those before: one that contains another can end as just that.</summary>
    public bool IsNew(TransactionModelKind kind, ModelFit<ITransactionModel> fit, IEnumerable<(TransactionModelKind Kind, ModelFit<ITransactionModel> Fit)> before)
    {
        foreach (var other in before)
        {
            if (Math.Abs((other.Fit.LogLikelihood - fit.LogLikelihood) ?? double.NaN) <= SameLikelihood * Math.Abs(fit.LogLikelihood ?? 0)
                && other.Fit.Parameters.Select(static p => p.Name).SequenceEqual(fit.Parameters.Select(static p => p.Name)))
            {
                _refused[kind.Id] = $"These data make it the same model as {other.Kind.Title}.";
                return false;
            }
        }

        return true;
    }

    /// <summary>The first candidate whose fit is accepted; null when none is.</summary>
    public EstimatedTransactions? First(IEnumerable<TransactionModelKind> ranking, GroupedHistories data)
    {
        foreach (var kind in ranking)
        {
            if (Fit(kind, data, options.Last?.Transactions) is not { Converged: true } fit)
            {
                continue;
            }

            var plain = kind.Reduces?.Invoke(fit.Model!) is { } id ? options.Candidates.FirstOrDefault(other => other.Id == id) : null;
            return plain is not null && Fit(plain, data, options.Last?.Transactions) is { Converged: true } plainFit
                ? new EstimatedTransactions(plain, plainFit.Model!, plainFit)
                : new EstimatedTransactions(kind, fit.Model!, fit);
        }

        return null;
    }
}
