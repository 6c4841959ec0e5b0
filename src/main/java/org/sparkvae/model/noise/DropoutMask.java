package org.sparkvae.model.noise;

import java.util.function.IntConsumer;

/**
 * A reproducible dropout mask. Each element is dropped with probability p. The mask is sampled as
 * the geometrically distributed gaps between dropped elements.
 */
public final class DropoutMask {
  private DropoutMask() {}

  /**
   * Visits the dropped elements of one image in ascending order.
   *
   * @param seed seed of the minibatch's mask
   * @param image index of the image in the minibatch
   * @param elements number of elements of the image
   * @param probability probability of dropping an element, in (0, 1)
   * @param visitor receives the index of each dropped element
   */
  public static void forEachDropped(
      long seed, int image, int elements, double probability, IntConsumer visitor) {
    double logKeepProbability = StrictMath.log1p(-probability);
    long counter = SplitMix64.mix(seed + SplitMix64.STEP * image);
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
