package org.sparkvae.model.noise;

import java.util.function.IntConsumer;

/**
 * Which elements dropout drops: each with probability p, by drawing the geometrically distributed
 * gaps between them.
 */
public final class DropoutMask {
  private DropoutMask() {}

  /**
   * Visits the dropped elements of one image, in order.
   *
   * @param seed of the minibatch's mask
   * @param image number in the minibatch
   * @param elements of the image
   * @param probability of dropping an element, in (0, 1)
   */
  public static void forEachDropped(
      long seed, int image, int elements, double probability, IntConsumer visitor) {
    double logKept = StrictMath.log1p(-probability);
    long counter = SplitMix64.mix(seed + SplitMix64.STEP * image);
    // The doubles below may be as large as 37 / probability.
    double next = -1;
    while (true) {
      double uniform = ((SplitMix64.mix(counter += SplitMix64.STEP) >>> 11) + 1) * 0x1p-53;
      next += 1 + Math.floor(StrictMath.log(uniform) / logKept);
      if (next >= elements) {
        return;
      }
      visitor.accept((int) next);
    }
  }
}
