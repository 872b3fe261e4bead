namespace Clv.Cli.Simulation;

/// <summary>
/// The simulated people's numbers and addresses: of the Bundesnetzagentur's numbers for films and television, which reach nobody, and of a domain
/// that is kept for examples. Some people share a number, some have two, some have none.
/// </summary>
internal static class PhoneBook
{
    private const int HundredMobiles = 100;
    private const int ThousandOfACity = 1000;

    // A thousand in each of five cities.
    private static readonly (string Area, string Number)[] Cities = [("30", "23125"), ("40", "66969"), ("69", "90009"), ("89", "99998"), ("221", "4710")];

    /// <summary>The numbers of a person in one cell; null for somebody who gave none.</summary>
    public static PhoneCell? Phones(int id) => (id % 12) switch
    {
        5 => null,
        // Somebody who lives with the person before.
        8 => new PhoneCell([Home(id - 1)]),
        3 => new PhoneCell([Home(id), Mobile(id)]),
        _ => new PhoneCell([Home(id)]),
    };

    /// <summary>Whether somebody else has the same number.</summary>
    public static bool SharesPhone(int id) => id % 12 is 7 or 8;

    /// <summary>The address of a person; null for somebody who gave none.</summary>
    public static string? Email(int id) => id % 9 == 4 ? null : $"customer{id}@example.com";

    private static SimulatedPhone Home(int id)
    {
        var (area, number) = Cities[id % Cities.Length];
        return new SimulatedPhone(area, $"{number}{id / Cities.Length % ThousandOfACity:000}");
    }

    private static SimulatedPhone Mobile(int id) => new("171", $"39200{id / 12 % HundredMobiles:00}");
}

/// <summary>A German number.</summary>
/// <param name="Area">Its area code without the leading zero.</param>
/// <param name="Number">The rest.</param>
internal readonly record struct SimulatedPhone(string Area, string Number);

/// <summary>A cell with numbers, which every CRM writes in its own way.</summary>
/// <param name="Numbers">The numbers, at least one.</param>
internal sealed record PhoneCell(IReadOnlyList<SimulatedPhone> Numbers);
