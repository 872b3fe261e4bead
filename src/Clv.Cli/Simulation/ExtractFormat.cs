using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Clv.Cli.Simulation;

/// <summary>How a CRM writes its files: the names, the headers and the cells, and the mapping by which they are read.</summary>
internal abstract class ExtractFormat
{
    /// <summary>As the extract contract has it: its own names in English, comma, decimal point, ISO dates, UTF-8.</summary>
    public static ExtractFormat English { get; } = new EnglishFormat();

    /// <summary>As a German CRM may have it.</summary>
    public static ExtractFormat German { get; } = new GermanFormat();

    /// <summary>The field separator.</summary>
    public abstract string Separator { get; }

    /// <summary>The encoding, without a mark.</summary>
    public abstract Encoding Encoding { get; }

    /// <summary>How dates are written.</summary>
    protected abstract string Dates { get; }

    /// <summary>How numbers are written.</summary>
    protected abstract NumberFormatInfo Numbers { get; }

    /// <summary>The name of a file.</summary>
    public abstract string FileOf(string table);

    /// <summary>The header of a column.</summary>
    public abstract string Header(string table, string column);

    /// <summary>What a value of a list is called.</summary>
    public abstract string Name(string code);

    /// <summary>How a phone number is written.</summary>
    public abstract string Phone(SimulatedPhone phone);

    /// <summary>What <c>mapping.json</c> says.</summary>
    public abstract JsonObject Mapping();

    /// <summary>The text of a cell; empty for null.</summary>
    public string Text(object? cell) => cell switch
    {
        null => "",
        Code code => Name(code.Value),
        DateOnly day => day.ToString(Dates, CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.00##", Numbers),
        int number => number.ToString(CultureInfo.InvariantCulture),
        PhoneCell phones => string.Join("; ", phones.Numbers.Select(Phone)),
        string text => text,
        _ => throw new ArgumentOutOfRangeException(nameof(cell)),
    };

    private sealed class EnglishFormat : ExtractFormat
    {
        public override string Separator => ",";

        public override Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

        protected override string Dates => "yyyy-MM-dd";

        protected override NumberFormatInfo Numbers => NumberFormatInfo.InvariantInfo;

        public override string FileOf(string table) => $"{table}.csv";

        public override string Header(string table, string column) => column;

        public override string Name(string code) => code;

        public override string Phone(SimulatedPhone phone) => $"+49 {phone.Area} {phone.Number}";

        public override JsonObject Mapping() => new() { ["reportingCurrency"] = ExchangeRates.Reporting };
    }
}
