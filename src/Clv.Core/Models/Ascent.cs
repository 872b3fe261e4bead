namespace Clv.Core.Models;

/// <summary>Where a search ended, and whether it ended because nothing was left to gain.</summary>
internal sealed record Ascent(double StartValue, SurfacePoint Point, int Evaluations, bool Finished);
