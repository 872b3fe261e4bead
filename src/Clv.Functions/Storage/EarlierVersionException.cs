namespace Clv.Functions.Storage;

/// <summary>What an earlier version of this program left cannot be read by this one; the next night replaces it.</summary>
/// <param name="what">What it is, as the beginning of a sentence.</param>
public sealed class EarlierVersionException(string what) : Exception($"{what} were made by an earlier version of this program: start a night, which replaces them.");
