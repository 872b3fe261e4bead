namespace Clv.Cli.Host;

/// <summary>What starts a function.</summary>
/// <param name="Binding">The binding's name, under which the handler finds its data.</param>
internal abstract record Trigger(string Binding);
