package org.sparkvae.model.noise;

/**
 * The mixing function of SplitMix64 (Steele, Lea and Flood, 2014): a bijection of 64-bit words that
 * maps neighboring words to unrelated ones. Applied to a counter it gives a random stream with
 * random access.
 */
public final class SplitMix64 {
  /** The increment of the counter of a stream: the odd number nearest to 2⁶⁴ / golden ratio. */
  public static final long STEP = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /** Returns the hash of a word. */
  public static long mix(long word) {
    long z = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
