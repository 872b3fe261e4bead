using System.Text;
using System.Text.Json;
using Clv.Core.History;
using Clv.Core.Industry;

namespace Clv.Core.Tests.History;

/// <summary>The facts of a person from the rows anew, every figure by its definition and none from another figure.</summary>
internal static class FactsReference
{
    public static CustomerFacts Of(string customer, IReadOnlyList<Delivered> live, IndustryProfile industry, int endDay, int holdoutDays)
    {
        var all = live.Where(row => row.Customer == customer).ToList();
        var sales = all.OfType<Bought>()
            .Select(row => row.Sale with { Margin = Margin(row.Sale, industry.Margins) })
            .Where(sale => sale.Day <= endDay).ToList();
        var contacts = all.OfType<Met>().Select(static row => row.Interaction).Where(contact => contact.Day <= endDay).ToList();
        var first = Base.Occasions(sales) is [var (day, _), ..] ? day : (int?)null;
        var recent = sales.Where(sale => sale.Day > endDay - 364).ToList();
        var earlier = sales.Where(sale => sale.Day > endDay - 728 && sale.Day <= endDay - 364).ToList();
        return new CustomerFacts
        {
            Key = CustomerKey.Of(Encoding.UTF8.GetBytes(customer), Base.Secret),
            Purchases = Base.Customer(sales, endDay, holdoutDays),
            HasTransactions = sales.Count > 0,
            Profile = all.OfType<Told>().SingleOrDefault()?.Profile,
            Contracts = [.. all.OfType<Signed>().Select(static row => row.Contract)
                .Where(static contract => contract.CancelledOn is not { } cancelled || cancelled >= contract.StartedOn)
                .OrderBy(static contract => contract.StartedOn).ThenBy(static contract => contract.Id, StringComparer.Ordinal)],
            Categories = [.. sales.Where(static sale => sale.Category.Length > 0)
                .GroupBy(static sale => sale.Category)
                .OrderBy(static category => category.Key, StringComparer.Ordinal)
                .Select(static category => new CategoryPurchases(
                    category.Key,
                    category.Count(static sale => sale.Micros > 0),
                    Net(category),
                    category.OrderBy(static sale => sale.Micros > 0).ThenBy(static sale => sale.Day).Last().Day))],
            Costs = new InteractionCosts(
                Cost(InteractionKind.ServiceCall) + Cost(InteractionKind.Complaint) + Cost(InteractionKind.Social),
                Cost(InteractionKind.CampaignOpen) + Cost(InteractionKind.CampaignClick) + Cost(InteractionKind.Visit),
                Cost(InteractionKind.Return)),
            LastYear = Counts(endDay),
            LastYearBefore = holdoutDays == 0 ? InteractionCounts.None : Counts(endDay - holdoutDays),
            RecentOccasions = Base.Occasions(recent).Count,
            EarlierOccasions = Base.Occasions(earlier).Count,
            RecentNet = Net(recent),
            EarlierNet = Net(earlier),
            FirstYearNet = first is null ? [] : [.. Enumerable.Range(0, 12).Select(month => Net(sales.Where(sale =>
                sale.Day - first >= month * CustomerFacts.MonthDays && sale.Day - first < (month + 1) * CustomerFacts.MonthDays)))],
        };

        Money Cost(InteractionKind kind) => contacts.Where(contact => contact.Kind == kind)
            .Select(contact => contact.Cost ?? new Money((Int128)((Rate(industry.Costs, kind) ?? 0) * 1_000_000)))
            .Aggregate(default(Money), static (sum, cost) => sum + cost);

        InteractionCounts Counts(int day)
        {
            int Of(InteractionKind kind) => contacts.Count(contact => contact.Kind == kind && contact.Day <= day && contact.Day > day - 364);
            return new InteractionCounts(
                Of(InteractionKind.ServiceCall),
                Of(InteractionKind.Complaint),
                Of(InteractionKind.CampaignOpen),
                Of(InteractionKind.CampaignClick),
                Of(InteractionKind.Social),
                Of(InteractionKind.Visit),
                Of(InteractionKind.Return));
        }
    }

    public static decimal? Rate(CostRates rates, InteractionKind kind) => kind switch
    {
        InteractionKind.ServiceCall => rates.ServiceCall,
        InteractionKind.Complaint => rates.Complaint,
        InteractionKind.CampaignOpen => rates.CampaignOpen,
        InteractionKind.CampaignClick => rates.CampaignClick,
        InteractionKind.Social => rates.Social,
        InteractionKind.Visit => rates.Visit,
        _ => rates.Return,
    };

    // Everything that facts say, to be compared whole.
    public static string Text(CustomerFacts facts) => JsonSerializer.Serialize(facts);

    private static long? Margin(Sale sale, MarginRates rates) =>
        sale.Margin ?? ((rates.Categories.TryGetValue(sale.Category, out var rate) ? rate : rates.Other) is { } share
            ? (long)decimal.Round(sale.Micros * (decimal)share, MidpointRounding.ToEven)
            : null);

    private static Money Net(IEnumerable<Sale> sales) => sales.Aggregate(default(Money), static (sum, sale) => sum + new Money(sale.Micros));
}
