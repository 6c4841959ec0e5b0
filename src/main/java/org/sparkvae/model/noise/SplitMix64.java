package org.sparkvae.model.noise;

/**
 * The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): a bijection of 64-bit words that
 * scatters neighbours. Counting through it gives a random stream that can be entered anywhere.
 */
public final class SplitMix64 {
  /** The odd step between the counters of a stream, 2⁶⁴ over the golden ratio. */
  public static final long STEP = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /** Scatters one word. */
  public static long mix(long word) {
    long z = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
