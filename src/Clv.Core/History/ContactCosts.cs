using Clv.Core.Industry;

namespace Clv.Core.History;

/// <summary>What contacts cost: what the extract says, else the rate of their kind.</summary>
internal sealed class ContactCosts
{
    private readonly Money?[] _rates = new Money?[(int)InteractionKind.Return + 1];

    public ContactCosts(CostRates rates)
    {
        Set(InteractionKind.ServiceCall, rates.ServiceCall);
        Set(InteractionKind.Complaint, rates.Complaint);
        Set(InteractionKind.CampaignOpen, rates.CampaignOpen);
        Set(InteractionKind.CampaignClick, rates.CampaignClick);
        Set(InteractionKind.Social, rates.Social);
        Set(InteractionKind.Visit, rates.Visit);
        Set(InteractionKind.Return, rates.Return);
    }

    /// <summary>The cost of one; null when nobody knows.</summary>
    public Money? Of(in Interaction contact) => contact.Cost ?? _rates[(int)contact.Kind];

    /// <summary>The costs of those up to a day, by whom they are charged to; one whose cost nobody knows costs nothing.</summary>
    public InteractionCosts Sum(IReadOnlyList<Interaction> contacts, int endDay)
    {
        Money service = default, campaigns = default, returns = default;
        foreach (var contact in contacts)
        {
            if (contact.Day > endDay || Of(contact) is not { } cost)
            {
                continue;
            }

            switch (contact.Kind)
            {
                case InteractionKind.ServiceCall or InteractionKind.Complaint or InteractionKind.Social:
                    service += cost;
                    break;
                case InteractionKind.CampaignOpen or InteractionKind.CampaignClick or InteractionKind.Visit:
                    campaigns += cost;
                    break;
                default:
                    returns += cost;
                    break;
            }
        }

        return new InteractionCosts(service, campaigns, returns);
    }

    /// <summary>How many there were of each kind from the day after <paramref name="after"/> to <paramref name="lastDay"/>.</summary>
    public static InteractionCounts Count(IReadOnlyList<Interaction> contacts, int after, int lastDay)
    {
        Span<int> counts = stackalloc int[(int)InteractionKind.Return + 1];
        var any = false;
        foreach (var contact in contacts)
        {
            if (contact.Day > after && contact.Day <= lastDay)
            {
                counts[(int)contact.Kind]++;
                any = true;
            }
        }

        return any
            ? new InteractionCounts(
                counts[(int)InteractionKind.ServiceCall],
                counts[(int)InteractionKind.Complaint],
                counts[(int)InteractionKind.CampaignOpen],
                counts[(int)InteractionKind.CampaignClick],
                counts[(int)InteractionKind.Social],
                counts[(int)InteractionKind.Visit],
                counts[(int)InteractionKind.Return])
            : InteractionCounts.None;
    }

    private void Set(InteractionKind kind, decimal? rate) => _rates[(int)kind] =
        rate is { } cost ? new Money((Int128)decimal.Round(cost * Money.Scale, MidpointRounding.ToEven)) : null;
}
