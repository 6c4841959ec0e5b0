package org.sparkvae.model.noise;

import java.util.function.IntConsumer;

/**
 * A reproducible dropout mask. Each element is dropped with probability p. The mask is sampled as
 * the geometrically distributed gaps between dropped elements.
 */
public final class DropoutMask {
  private DropoutMask() {}

  /**
   * Returns the seed of an image's mask.
   *
   * @param noiseKey the image's {@link NoiseKey}, which differs in each epoch
   * @param layer the number of the layer among those with dropout
   */
  public static long seed(long noiseKey, int layer) {
    // The noise uses the stream that starts at the key itself.
    return SplitMix64.mix(SplitMix64.mix(~noiseKey) + layer);
  }

  /**
   * Visits the dropped elements of one image in ascending order.
   *
   * @param seed a seed from {@link #seed}
   * @param elements number of elements of the image
   * @param probability probability of dropping an element, in (0, 1)
   * @param visitor receives the index of each dropped element
   */
  public static void forEachDropped(
      long seed, int elements, double probability, IntConsumer visitor) {
    double logKeepProbability = StrictMath.log1p(-probability);
    long counter = seed;
    // The gap is a double because it can be as large as 37 / probability.
    double next = -1;
    while (true) {
      double uniform = ((SplitMix64.mix(counter += SplitMix64.STEP) >>> 11) + 1) * 0x1p-53;
      next += 1 + Math.floor(StrictMath.log(uniform) / logKeepProbability);
      if (next >= elements) {
        return;
      }
      visitor.accept((int) next);
    }
  }
}
