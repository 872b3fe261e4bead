using Clv.Core.History;

namespace Clv.Core.Extracts;

/// <summary>The usual names of the contract's code values, English and German, without blanks and punctuation.</summary>
internal static class ExtractCodes
{
    /// <summary>What a CRM takes a person for.</summary>
    public static IReadOnlyDictionary<string, CustomerStatus> Statuses { get; } = new Dictionary<string, CustomerStatus>
    {
        ["customer"] = CustomerStatus.Customer,
        ["kunde"] = CustomerStatus.Customer,
        ["prospect"] = CustomerStatus.Prospect,
        ["interessent"] = CustomerStatus.Prospect,
        ["lost"] = CustomerStatus.Lost,
        ["verloren"] = CustomerStatus.Lost,
    };

    /// <summary>Whether a person has agreed.</summary>
    public static IReadOnlyDictionary<string, bool> Consents { get; } = new Dictionary<string, bool>
    {
        ["true"] = true,
        ["yes"] = true,
        ["ja"] = true,
        ["1"] = true,
        ["false"] = false,
        ["no"] = false,
        ["nein"] = false,
        ["0"] = false,
    };

    /// <summary>What a contact was.</summary>
    public static IReadOnlyDictionary<string, InteractionKind> Kinds { get; } = new Dictionary<string, InteractionKind>
    {
        ["servicecall"] = InteractionKind.ServiceCall,
        ["serviceanruf"] = InteractionKind.ServiceCall,
        ["servicekontakt"] = InteractionKind.ServiceCall,
        ["complaint"] = InteractionKind.Complaint,
        ["beschwerde"] = InteractionKind.Complaint,
        ["reklamation"] = InteractionKind.Complaint,
        ["campaignopen"] = InteractionKind.CampaignOpen,
        ["kampagnenöffnung"] = InteractionKind.CampaignOpen,
        ["newslettergeöffnet"] = InteractionKind.CampaignOpen,
        ["campaignclick"] = InteractionKind.CampaignClick,
        ["kampagnenklick"] = InteractionKind.CampaignClick,
        ["newsletterklick"] = InteractionKind.CampaignClick,
        ["social"] = InteractionKind.Social,
        ["socialmedia"] = InteractionKind.Social,
        ["sozialemedien"] = InteractionKind.Social,
        ["visit"] = InteractionKind.Visit,
        ["besuch"] = InteractionKind.Visit,
        ["return"] = InteractionKind.Return,
        ["retoure"] = InteractionKind.Return,
        ["rücksendung"] = InteractionKind.Return,
        ["rückgabe"] = InteractionKind.Return,
    };
}
