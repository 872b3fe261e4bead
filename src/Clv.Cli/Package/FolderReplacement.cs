using System.Security.Cryptography;

namespace Clv.Cli.Package;

/// <summary>
/// A folder that is made beside another, and takes its place when it is complete. Until then the former is as it was, whatever fails; between two
/// renames, which is all that a kill can hit, it stands whole beside its place.
/// </summary>
internal sealed class FolderReplacement : IDisposable
{
    private const string NewMark = ".new-";
    private const string FormerMark = ".former-";
    private const int NumberDigits = 8;

    private readonly DirectoryInfo _place;
    private readonly string _number = RandomNumberGenerator.GetHexString(NumberDigits, lowercase: true);

    /// <param name="place">Where the folder is to be: a former one, an empty one, or nothing yet.</param>
    public FolderReplacement(DirectoryInfo place)
    {
        // What a link leads to is replaced, not the link.
        _place = new DirectoryInfo(Path.TrimEndingDirectorySeparator(((place.Exists ? place.ResolveLinkTarget(returnFinalTarget: true) : null) ?? place).FullName));
        New = Directory.CreateDirectory(_place.FullName + NewMark + _number);
    }

    /// <summary>The folder that is being made.</summary>
    public DirectoryInfo New { get; }

    /// <summary>Puts it into its place, and removes the former and what ends of the process have left of earlier replacements.</summary>
    /// <exception cref="CliException">The former cannot be moved, such as one that is a mounted volume.</exception>
    public void Complete()
    {
        var former = _place.FullName + FormerMark + _number;
        try
        {
            _place.Refresh();
            if (_place.Exists)
            {
                Directory.Move(_place.FullName, former);
            }

            try
            {
                Directory.Move(New.FullName, _place.FullName);
            }
            catch when (Directory.Exists(former))
            {
                Directory.Move(former, _place.FullName);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{_place.FullName} cannot be replaced ({e.Message}): name a folder in it, or elsewhere.", e);
        }

        foreach (var left in _place.Parent!.EnumerateDirectories(_place.Name + ".*").Where(IsOfAReplacement))
        {
            left.Delete(recursive: true);
        }
    }

    public void Dispose()
    {
        New.Refresh();
        if (New.Exists)
        {
            New.Delete(recursive: true);
        }
    }

    private bool IsOfAReplacement(DirectoryInfo folder) => ((string[])[NewMark, FormerMark]).Any(
        mark => folder.Name.Length == _place.Name.Length + mark.Length + NumberDigits
            && folder.Name.StartsWith(_place.Name + mark, StringComparison.Ordinal)
            && folder.Name[^NumberDigits..].All(char.IsAsciiHexDigitLower));
}
