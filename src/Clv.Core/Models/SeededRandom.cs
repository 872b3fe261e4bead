using System.Numerics;

namespace Clv.Core.Models;

/// <summary>
/// A small deterministic generator (xoshiro256**, Blackman and Vigna 2018, seeded by splitmix64) with the distributions of the models.
/// The same
/// seed and stream give the same numbers on every run and machine of one runtime; different streams are independent, say one per
/// customer, so that
/// work can be cut anywhere. Not safe for use from several threads at once.
/// </summary>
public sealed class SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>A generator at the start of a stream.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="stream">The stream within the seed.</param>
    public SeededRandom(ulong seed, ulong stream = 0) => Restart(seed, stream);

    /// <summary>Goes to the start of a stream, without allocating.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="stream">The stream within the seed.</param>
    public void Restart(ulong seed, ulong stream)
    {
        unchecked
        {
            // The seed is mixed before the stream joins it, so that neighbouring seeds do not share streams.
            var state = Mix(seed + 0x9E3779B97F4A7C15) ^ (stream * 0xD1342543DE82EF95);
            _s0 = Mix(state += 0x9E3779B97F4A7C15);
            _s1 = Mix(state += 0x9E3779B97F4A7C15);
            _s2 = Mix(state += 0x9E3779B97F4A7C15);
            _s3 = Mix(state + 0x9E3779B97F4A7C15);
        }
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            var t = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= t;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>Uniform in the open interval (0, 1): safe to take the logarithm of.</summary>
    public double NextDouble() => ((NextBits() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>A uniform whole number from 0 up to but not including the bound.</summary>
    /// <param name="bound">Above 0.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // The high half of a 32 x 32 bit product; its bias is below bound / 2^32.
        return (int)(((NextBits() >> 32) * (ulong)bound) >> 32);
    }

    /// <summary>Exponential with mean 1.</summary>
    public double NextExponential() => -Math.Log(NextDouble());

    /// <summary>Normal with mean 0 and variance 1 (Marsaglia's polar method, without its second number).</summary>
    public double NextNormal()
    {
        while (true)
        {
            var x = (2 * NextDouble()) - 1;
            var y = (2 * NextDouble()) - 1;
            var square = (x * x) + (y * y);
            if (square is < 1 and > 0)
            {
                return x * Math.Sqrt(-2 * Math.Log(square) / square);
            }
        }
    }

    /// <summary>Gamma with a shape above 0 and rate 1 (Marsaglia and Tsang 2000).</summary>
    /// <param name="shape">Above 0 and finite; very small shapes give numbers that round to 0.</param>
    public double NextGamma(double shape)
    {
        Guard.Positive(shape);
        if (shape < 1)
        {
            return NextGamma(shape + 1) * Math.Pow(NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = NextNormal();
            var v = 1 + (c * x);
            if (v > 0)
            {
                v = v * v * v;
                if (Math.Log(NextDouble()) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
                {
                    return d * v;
                }
            }
        }
    }

    /// <summary>Beta with two shapes above 0.</summary>
    /// <param name="a">Above 0 and finite.</param>
    /// <param name="b">Above 0 and finite.</param>
    public double NextBeta(double a, double b)
    {
        var x = NextGamma(a);
        var y = NextGamma(b);
        // Both round to 0 only for tiny shapes, where the distribution is all at its two ends.
        return x + y > 0 ? x / (x + y) : (NextDouble() < a / (a + b) ? 1 : 0);
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
